/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The hardware database: the properties that are set for a match key. */
#pragma once

#include <stddef.h>

#include "database.h"

struct udev_hwdb; /* of libudev */

/*
 * Opens the compiled database. Later changes are not seen. Returns 1 and a handle, which the caller
 * closes with hwdb_close(); 0 if there is none, or one that libudev cannot read: neither can udevd.
 */
int hwdb_open(struct udev *udev, struct udev_hwdb **ret);
void hwdb_close(struct udev_hwdb *hwdb);

/*
 * Returns the value of PROPERTY for the key MATCH, which may be "", and is valid until the next
 * lookup; NULL if it is not set, or HWDB is NULL.
 */
const char *hwdb_value(struct udev_hwdb *hwdb, const char *match, const char *property);

/*
 * Reads the properties WANTED (ends in a NULL key) for the key MATCH, all at one time: libudev
 * compares MATCH with each key that may match, for each lookup. With NULL all values are "".
 */
void hwdb_read(struct udev_hwdb *hwdb, const char *match, const struct database_property *wanted);
