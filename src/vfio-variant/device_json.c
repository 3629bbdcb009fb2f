/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A device in JSON. */
#include "device_json.h"

static json_object *choice_json(struct vfio_variant_device *device) {
        json_object *choice;

        if (!vfio_variant_device_get_variant_driver(device))
                return NULL;
        choice = json_new_object();
        json_put_string(choice, "driver", vfio_variant_device_get_variant_driver(device));
        json_put_string(choice, "module", vfio_variant_device_get_variant_module(device));
        json_put_string(choice, "alias", vfio_variant_device_get_variant_alias(device));
        json_put_string(choice, "fallback", vfio_variant_device_get_fallback_driver(device));
        json_put_string(choice, "origin",
                        vfio_variant_origin_name(vfio_variant_device_get_variant_origin(device)));
        return choice;
}

json_object *device_json(struct vfio_variant_device *device, const struct device_state *state) {
        json_object *object = json_new_object();

        json_put_string(object, "sysname", vfio_variant_device_get_sysname(device));
        json_put_string(object, "syspath", vfio_variant_device_get_syspath(device));
        json_put_string(object, "subsystem", vfio_variant_device_get_subsystem(device));
        json_put_string(object, "modalias", vfio_variant_device_get_modalias(device));
        json_put_string(object, "vendor", vfio_variant_device_get_vendor(device));
        json_put_string(object, "model", vfio_variant_device_get_model(device));
        json_put_string(object, "driver", *state->driver ? state->driver : NULL);
        json_put_string(object, "type",
                        vfio_variant_type_name(vfio_variant_device_get_type(device)));
        json_put(object, "variant", state_is_for_guests(state->state) ? choice_json(device) : NULL);
        json_put_flag(object, "tagged", state->is_tagged);
        json_put_string(object, "bind", vfio_variant_device_get_tag(device));
        json_put_string(object, "pin", vfio_variant_device_get_pin(device));
        json_put_number(object, "group", vfio_variant_device_get_iommu_group(device));
        json_put_string(object, "state", state_name(state->state));
        json_put_string(object, "reason", state->reason[0] ? state->reason : NULL);
        return object;
}
