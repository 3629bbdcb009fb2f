/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* All properties of a device, as text. */
#pragma once

#include "device_state.h"

void info_print(struct vfio_variant_device *device, const struct device_state *state);
