/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* All properties of a device, in both forms. */
#pragma once

#include "device_state.h"
#include "json.h"

void info_print(struct vfio_variant_device *device, const struct device_state *state);
json_object *info_json(struct vfio_variant_device *device, const struct device_state *state);
