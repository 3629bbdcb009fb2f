/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The type of a device's current driver. */
#pragma once

#include "device_object.h"

/* Returns the enum vfio_variant_type, or a negative errno. *ret, if not NULL: the evidence. */
int device_type(struct vfio_variant_device *device, enum vfio_variant_evidence *ret);
