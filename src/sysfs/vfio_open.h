/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Opens a device through VFIO, as a VMM does, and reads what it offers. */
#pragma once

#include <stdint.h>

#include "device_handle.h"

/*
 * *ret: the flags of VFIO_DEVICE_GET_INFO, VFIO_DEVICE_FLAGS_* of linux/vfio.h. The device is
 * opened through its cdev, or if it has none through its group, and closed again.
 *
 * Returns 0; -ENOENT if it has neither node; -EBUSY if it is open elsewhere, or its group is not
 * viable; or the negative errno of the kernel.
 */
int vfio_device_flags(const struct handle *handle, uint32_t *ret);
