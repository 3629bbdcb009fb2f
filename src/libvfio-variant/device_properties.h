/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The properties of a device that the library reads: those before N_CHOICE_PROPERTIES. */
#pragma once

#include "device_object.h"
#include "property.h"

struct udev_device;

/*
 * Reads the properties from UDEV_DEVICE; NULL: from the udev database. Returns 1; 0 if that has no
 * record of the device, which has no properties then; or a negative errno.
 */
int properties_read(struct vfio_variant_device *device, struct udev_device *udev_device);

/*
 * Sets a property, as from the environment of a program that udev started. NULL or "" unsets it.
 * Returns 0, or -EINVAL if VALUE is invalid.
 */
int vfio_variant_device_set_property(struct vfio_variant_device *device, enum property property,
                                     const char *value);

/* Returns the value, or NULL if there is none. */
const char *vfio_variant_device_get_property(const struct vfio_variant_device *device,
                                             enum property property);

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
