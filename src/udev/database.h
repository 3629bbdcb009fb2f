/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The udev database: the properties of a device. */
#pragma once

#include <stddef.h>

struct udev; /* of libudev */
struct udev_device;

/* Returns 0 and a handle to be closed with database_close(), or a negative errno. */
int database_open(struct udev **ret);
void database_close(struct udev *udev);

/* A property to read. */
struct database_property {
        const char *key;
        char *ret; /* "" if the device has none, or the value is too long */
        size_t size;
};

/* Sets wanted->ret to VALUE, which may be NULL. */
void database_copy_value(const struct database_property *wanted, const char *value);

/* Returns the syspath of UDEV_DEVICE, which owns the string, or NULL. */
const char *database_syspath(struct udev_device *udev_device);

/* Reads the properties of UDEV_DEVICE, which come from an event or from the database. With NULL all
 * values are "". */
void database_read_device(struct udev_device *udev_device, const struct database_property *wanted);

/*
 * Reads the properties WANTED (ends in a NULL key) of the device at SYSPATH, all at one time.
 * Returns 1; 0 if the database has no record of the device, all values are "" then; -ENODEV if
 * there is no such device; or another negative errno.
 */
int database_read(struct udev *udev, const char *syspath, const struct database_property *wanted);

enum database_state {
        DATABASE_MISSING, /* udevd was never started: a container */
        DATABASE_IDLE,    /* udevd is not running */
        DATABASE_LIVE,
};

/* Is there a database, and is udevd running? */
enum database_state database_look(void);
