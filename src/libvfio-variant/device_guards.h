/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What prevents a device from being bound, for the tool. */
#pragma once

#include "device_object.h"

/* As vfio_variant_device_check_use(), but asks only whether the system may need the device at the
 * next boot: guards_check_boot_use(). */
int vfio_variant_device_check_boot_use(struct vfio_variant_device *device);
