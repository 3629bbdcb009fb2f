/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A device that is opened by VFIO, as a VMM does, and asked what it offers. */
#pragma once

#include <stdint.h>

#include "device_handle.h"

/*
 * *ret: the flags of VFIO_DEVICE_GET_INFO, VFIO_DEVICE_FLAGS_* of linux/vfio.h. The device is
 * opened by its own node, or where there is none by its group's, and closed again.
 *
 * Returns 0; -ENOENT where it has neither node; -EBUSY where another has it open, or its group is
 * not viable; or the errno of what the kernel refused.
 */
int vfio_device_flags(const struct handle *handle, uint32_t *ret);
