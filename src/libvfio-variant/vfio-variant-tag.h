/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tags of a device in the hwdb. For the tool alone, and no part of the ABI. */
#pragma once

#include "tag_key.h"
#include "vfio-variant-tool.h"

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

/* The compiled hwdb was replaced: it is opened again when it is needed. */
void vfio_variant_forget_hwdb(struct vfio_variant *context);

/*
 * Calls ON_SOURCE for each record of any hwdb file that tags the device, with its path and line as
 * "/etc/udev/hwdb.d/70-local.hwdb:12", and its match key. Returns 0 or -ENOMEM.
 */
int vfio_variant_device_each_tag(const struct vfio_variant_device *device,
                                 void (*on_source)(const char *place, const char *match,
                                                   void *userdata),
                                 void *userdata);

/* Calls ON_OLD for each match key of the form before 0.1 in any hwdb file, with its place as above
 * and the key to write instead. Returns 0 or -ENOMEM. */
int vfio_variant_each_old_key(void (*on_old)(const char *place, const char *old, const char *key,
                                             void *userdata),
                              void *userdata);
