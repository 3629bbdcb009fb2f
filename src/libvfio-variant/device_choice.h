/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The choice: which VFIO driver a device should be bound to. */
#pragma once

#include "device_object.h"

/*
 * Looks up the choice in the module index of the running kernel. PIN: as DRIVER of
 * vfio_variant_device_choose(); NULL: the property VFIO_VARIANT_PIN, which is ignored if it is not
 * available. Sets *ret only on success, and returns as vfio_variant_device_choose().
 */
int choice_look_up(struct vfio_variant_device *device, const char *pin, struct properties *ret);

/* As choice_look_up(), and sets the properties of DEVICE. */
int vfio_variant_device_look_up(struct vfio_variant_device *device, const char *pin);

/*
 * Reads the properties of the database unless there are some, and if it has neither a choice nor a
 * pin, the tag of the hwdb. Returns 0, or -ENODEV if the device was removed.
 */
int choice_need_pin(struct vfio_variant_device *device);
