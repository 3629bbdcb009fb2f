/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tags: what an administrator wants of which devices. For the tool alone, and no part of the ABI.
 */
#pragma once

#include <stddef.h>

#include "vfio-variant-tool.h"

/* Space for any match key of ours. */
#define VFIO_VARIANT_MATCH_SIZE 1024

/* The hwdb file that vfio_variant_tag() writes. */
const char *vfio_variant_tag_path(void);

/*
 * The match key of this very device: where it sits, and its vendor and device id. Returns 0;
 * -EINVAL where its sysname or modalias has letters that mean something in a match key; -ENOTSUP
 * where it is a bridge or an IOMMU, which no guest can have.
 */
int vfio_variant_device_match(const struct vfio_variant_device *device,
                              char ret[VFIO_VARIANT_MATCH_SIZE]);

/* That of the virtual functions of the device. Returns as above; -ENOTSUP where it can have none.
 */
int vfio_variant_device_match_functions(const struct vfio_variant_device *device,
                                        char ret[VFIO_VARIANT_MATCH_SIZE]);

/* That of all devices with a modalias of the form GLOB. Returns 0, or -EINVAL where it is none. */
int vfio_variant_match_modalias(const char *glob, char ret[VFIO_VARIANT_MATCH_SIZE]);

/*
 * What all match keys of the slot SYSNAME begin with, or with FUNCTIONS those of its virtual
 * functions. Returns 0, or -EINVAL where SYSNAME is none.
 */
int vfio_variant_match_prefix(const char *sysname, int functions,
                              char ret[VFIO_VARIANT_MATCH_SIZE]);

/*
 * Writes the tag MATCH to our hwdb file, in the place of one that is there, and has the hwdb
 * compiled. PIN: the driver to be bound, NULL for that which fits best.
 *
 * Returns 1; 0 where it was there; or a negative errno with nothing changed: -EINVAL where PIN is
 * no name, -ECANCELED where the compiler failed, -ENOEXEC where there is none. Or
 * -ENOTRECOVERABLE: it failed, and the old file could not be put back. vfio_variant_get_subject()
 * tells what it was at.
 */
int vfio_variant_tag(struct vfio_variant *context, const char *match, int force, const char *pin);

/* PIN: NULL where it pinned no driver. */
typedef void (*vfio_variant_removed_fn)(const char *match, int force, const char *pin,
                                        void *userdata);

/*
 * Takes out the tags MATCH, or with IS_PREFIX all that begin with it, and has the hwdb compiled.
 * ON_REMOVED is called for each, when that is done. Returns how many, or as above.
 */
int vfio_variant_untag(struct vfio_variant *context, const char *match, int is_prefix,
                       vfio_variant_removed_fn on_removed, void *userdata);

/* Is the tag MATCH for this device? */
int vfio_variant_device_is_matched(const struct vfio_variant_device *device, const char *match);

/*
 * Reads VFIO_VARIANT_BIND and VFIO_VARIANT_PIN from the compiled hwdb, as the udev rules do, and
 * sets these properties. Returns 1 where the device is to be bound, 0 where not, or -errno.
 */
int vfio_variant_device_read_tag(struct vfio_variant_device *device);

/*
 * Calls ON_SOURCE for each record of any hwdb file that tags the device, with its path and line as
 * "/etc/udev/hwdb.d/61-local.hwdb:12", and its match key. Returns 0 or -ENOMEM.
 */
int vfio_variant_device_each_tag(const struct vfio_variant_device *device,
                                 void (*on_source)(const char *place, const char *match,
                                                   void *userdata),
                                 void *userdata);
