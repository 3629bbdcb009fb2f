/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The identity of a device, as messages and tables print it. */
#pragma once

#include "vfio-variant.h"

/* "" if it has none. */
const char *identity_modalias(const struct vfio_variant_device *device);

/* Space for "8086:4941". */
#define IDENTITY_IDS_SIZE 20

/* Its vendor and device ID, as lspci(8) prints them; "" if its modalias is of another form. */
void identity_ids(const struct vfio_variant_device *device, char ret[IDENTITY_IDS_SIZE]);

/* "a bridge" or "an IOMMU", which cannot be assigned to a guest; NULL for any other device. */
const char *identity_not_for_guests(const struct vfio_variant_device *device);
