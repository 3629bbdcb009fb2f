/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tags of a device in the hwdb. For the tool only; not part of the ABI. */
#pragma once

#include "tag_key.h"
#include "vfio-variant.h"

/*
 * The match key of the device: its slot, and its vendor and device ID. Returns 0; -EINVAL if its
 * sysname or modalias has characters with a meaning in a match key; -ENOTSUP if it is a bridge or
 * an IOMMU, which cannot be assigned to a guest.
 */
int vfio_variant_device_key(const struct vfio_variant_device *device, char ret[TAG_KEY_SIZE]);

/* The match key of its virtual functions. Returns as above; -ENOTSUP if it cannot have any. */
int vfio_variant_device_key_of_functions(const struct vfio_variant_device *device,
                                         char ret[TAG_KEY_SIZE]);

/* Does the match key KEY match the device? */
int vfio_variant_device_is_matched(const struct vfio_variant_device *device, const char *key);

/*
 * Reads VFIO_VARIANT_BIND and VFIO_VARIANT_PIN from the compiled hwdb, as the udev rules do, and
 * sets these properties. Returns 1 if the device is tagged, 0 if not, or -errno.
 */
int vfio_variant_device_read_tag(struct vfio_variant_device *device);

/* The place in the hwdb files that pins PIN for DEVICE, or "". */
void tags_find_pin(const struct vfio_variant_device *device, const char *pin,
                   char ret[TAG_KEY_SIZE]);
