/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The device: opened by any of its names. */
#pragma once

#include "device_object.h"

/*
 * As vfio_variant_device_new(), for DEVPATH, a syspath without its /sys, as in the environment of
 * udev's programs.
 */
int vfio_variant_device_new_from_devpath(struct vfio_variant *context, const char *devpath,
                                         struct vfio_variant_device **ret);
