/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the library says of a device, where it is no matter that it has nothing to say. */
#pragma once

#include <stdbool.h>

#include "vfio-variant-tool.h"

/* NULL where there is none. As valid as the library's. */
const char *fact_string(struct vfio_variant_device *device, enum vfio_variant_string what);

/* The VFIO driver that fits best; NULL if none does, OTHERWISE if it is unknown. */
const char *fact_answer(struct vfio_variant_device *device, const char *otherwise);

/* Below 0 where there is none. */
int fact_number(struct vfio_variant_device *device, enum vfio_variant_number what);

/* Does VFIO_VARIANT_BIND tag it: in the udev database, or, where that doesn't know the device, in
 * the hwdb? Reads the other properties as well. */
bool fact_is_tagged(struct vfio_variant_device *device);

/* What it is that no guest can have, "a bridge" or "an IOMMU"; NULL where a guest could have it. */
const char *fact_not_for_guests(const struct vfio_variant_device *device);

/* "" where there is none. */
const char *fact_of_candidate(const struct vfio_variant_candidate *candidate,
                              enum vfio_variant_candidate_string what);

/* Space for "8086:4941". */
#define FACT_IDS_SIZE 20

/* Its vendor and device id, as lspci(8) prints them; "" where its modalias is of another form. */
void fact_ids(const struct vfio_variant_device *device, char ret[FACT_IDS_SIZE]);
