/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which driver a device is to be bound to. */
#pragma once

#include "vfio-variant-tool.h"

/*
 * Sets the device's VFIO_VARIANT_DRIVER and what goes with it: to DRIVER, or where that is NULL to
 * what it has, or where it has none to what the module index says. Returns an exit status; where it
 * is not EXIT_DONE, that was told.
 */
int choose_driver(struct vfio_variant_device *device, const char *driver);

/* Why vfio_variant_device_look_up() found no driver, a clause. */
const char *choose_why(int error);

/* Says the same, and what to do. PIN: what was asked for, or NULL. */
void choose_tell(const struct vfio_variant_device *device, const char *pin, int error);
