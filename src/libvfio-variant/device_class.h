/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Kinds of devices that cannot be assigned to a guest. */
#pragma once

#include <stdbool.h>

#include "device_object.h"

/* By the class in its modalias. The rules skip bridges by that. */
bool device_is_of_bridge_class(const struct vfio_variant_device *device);
