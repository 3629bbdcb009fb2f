/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Claiming devices, for the tool. */
#pragma once

#include "device_object.h"

/*
 * Reserves DEVICE for its VFIO_VARIANT_DRIVER by writing driver_override, unless it is bound to a
 * driver (VFIO_VARIANT_RESULT_ALREADY). Returns as vfio_variant_device_bind().
 */
int vfio_variant_device_claim(struct vfio_variant_device *device, struct vfio_variant_report **ret);
