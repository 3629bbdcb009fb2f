/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The drivers of a bus, and the names of the drivers of a module. */
#pragma once

#include "device_handle.h"
#include "name.h"

/* Opens the attribute `drivers_probe` of the device's bus. Returns as attribute_open(). */
int bus_open_probe(const struct handle *handle);

/*
 * *ret: the name of a driver on the device's bus. DRIVER is the expected name, MODULE its module
 * ('-' and '_' are the same character) or NULL. The driver that the module has registered on the
 * bus takes precedence; if there are several, DRIVER if it is one of them. If there is none, DRIVER
 * is looked for on the bus.
 *
 * Returns 0; -ENOENT if the bus has no such driver, or not yet; -EINVAL if DRIVER or MODULE is not
 * a valid name; or another negative errno.
 */
int bus_find_driver(const struct handle *handle, const char *driver, const char *module,
                    char ret[NAME_SIZE]);
