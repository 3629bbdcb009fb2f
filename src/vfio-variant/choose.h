/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which driver a device is to be bound to. */
#pragma once

#include <stdbool.h>

#include "vfio-variant-tool.h"

/*
 * Sets the device's VFIO_VARIANT_DRIVER and what goes with it: to DRIVER, or where that is NULL to
 * what it has, or where it has none to what the module index says. Returns an exit status; where it
 * is not EXIT_DONE, that was told.
 */
int choose_driver(struct vfio_variant_device *device, const char *driver);

/* Why vfio_variant_device_look_up() found no driver, a clause. */
const char *choose_why(int error);

/*
 * Is ERROR one of the module index, and not of a device? Then that is reported, with the directory:
 * once in the life of the process, because it is the same for each device.
 */
bool choose_tell_host(int error);

/* Says the same, and what to do, of any error. PIN: what was asked for, or NULL. */
void choose_tell(struct vfio_variant_device *device, const char *pin, int error);

/* What to do if there is no module index. HAS_DIRECTORY: the directory that lacks it exists. */
const char *choose_advice_without_index(bool has_directory);
