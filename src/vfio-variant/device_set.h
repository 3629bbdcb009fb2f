/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The devices of a command, each once. */
#pragma once

#include <stdbool.h>

#include "vfio-variant.h"

/* All zero: empty. */
struct device_set {
        struct vfio_variant_device **devices;
        unsigned n;
};

void device_set_done(struct device_set *set);

/* Adds DEVICE, with a reference, unless the set has it. */
void device_set_add(struct device_set *set, struct vfio_variant_device *device);

/* Adds the members of DEVICE's IOMMU group that can be assigned to a guest; DEVICE alone if it has
 * no group. Returns 0 or a negative errno. */
int device_set_add_group(struct device_set *set, struct vfio_variant_device *device);

/* Moves the first device of FROM to TO, and those of its IOMMU group. */
void device_set_take_group(struct device_set *from, struct device_set *to);
