/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A device in JSON. */
#pragma once

#include "device_state.h"
#include "json.h"

/* What `list` has of a device; and that with what `info` adds. */
json_object *device_json(struct vfio_variant_device *device, const struct device_state *state);
json_object *info_json(struct vfio_variant_device *device, const struct device_state *state);
