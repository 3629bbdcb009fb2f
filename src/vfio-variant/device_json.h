/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A device in JSON. */
#pragma once

#include "device_state.h"
#include "json.h"

/* What `list` has of a device. `info` adds more. */
json_object *device_json(struct vfio_variant_device *device, const struct device_state *state);
