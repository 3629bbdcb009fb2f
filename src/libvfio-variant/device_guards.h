/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What prevents a device from being bound, for the tool. */
#pragma once

#include "device_object.h"

/* As vfio_variant_device_check_use(), but asks only whether a block device is in use: mounted, swap
 * space, part of an array or volume. */
int vfio_variant_device_check_block_use(struct vfio_variant_device *device);
