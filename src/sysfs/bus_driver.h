/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The drivers of a bus, and what the driver of a module is called there. */
#pragma once

#include "device_handle.h"
#include "name.h"

/*
 * The name that a driver has on the device's bus. DRIVER is what it is thought to be, MODULE its
 * module, '-' and '_' being one character, or NULL. What the module has registered on the bus is
 * the truth: of several DRIVER if it is among them. Where it has nothing there, DRIVER it is.
 *
 * Returns 0; -ENOENT where the bus has no such driver, or not yet; -EINVAL where one of them is no
 * name of a driver or module; or another negative errno.
 */
int bus_find_driver(const struct handle *handle, const char *driver, const char *module,
                    char ret[NAME_SIZE]);
