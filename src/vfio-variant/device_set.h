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

/* Adds DEVICE, with a reference. */
void device_set_append(struct device_set *set, struct vfio_variant_device *device);

/* The same, unless the set has it. */
void device_set_add(struct device_set *set, struct vfio_variant_device *device);

/* Opens the device NAME and adds it; WITH_GROUP also the members of its IOMMU group that can be
 * assigned to a guest. Returns the exit status; an error was reported. */
int device_set_add_named(struct device_set *set, struct vfio_variant *context, const char *name,
                         bool with_group);

/* Moves the first device of FROM to TO, and those of its IOMMU group. */
void device_set_take_group(struct device_set *from, struct device_set *to);
