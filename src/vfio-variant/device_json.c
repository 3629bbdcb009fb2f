/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A device in JSON: what `list` has of it, and what `info` has. */
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
        json_put_string(object, "type", vfio_variant_type_name(state->type));
        json_put(object, "variant", state_is_for_guests(state->state) ? choice_json(device) : NULL);
        json_put_flag(object, "tagged", state->is_tagged);
        json_put_string(object, "bind", vfio_variant_device_get_tag(device));
        json_put_string(object, "pin", vfio_variant_device_get_pin(device));
        json_put_number(object, "group", vfio_variant_device_get_iommu_group(device));
        json_put_string(object, "state", state_name(state->state));
        json_put_string(object, "reason", state->reason[0] ? state->reason : NULL);
        return object;
}

static void add_source(const char *location, const char *match_key, void *userdata) {
        json_object *source = json_new_object();

        json_put_string(source, "location", location);
        json_put_string(source, "match_key", match_key);
        json_append(userdata, source);
}

static json_object *sources_json(struct vfio_variant_device *device) {
        json_object *sources = json_new_array();

        (void)vfio_variant_device_each_tag(device, add_source, sources);
        return sources;
}

static int add_member(struct vfio_variant_device *member, void *userdata) {
        json_object *object = json_new_object();

        json_put_string(object, "sysname", vfio_variant_device_get_sysname(member));
        json_put_string(object, "driver", vfio_variant_device_get_driver(member));
        json_put_string(object, "type",
                        vfio_variant_type_name(vfio_variant_device_get_type(member)));
        json_put_flag(object, "blocking", vfio_variant_device_is_blocking(member));
        json_append(userdata, object);
        return 0;
}

static json_object *members_json(struct vfio_variant_device *device) {
        json_object *members = json_new_array();

        (void)vfio_variant_device_each_member(device, add_member, members);
        return members;
}

json_object *info_json(struct vfio_variant_device *device, const struct device_state *state) {
        json_object *object = device_json(device, state);

        json_put_string(object, "driver_module", vfio_variant_device_get_driver_module(device));
        json_put_string(object, "type_evidence",
                        vfio_variant_evidence_name(vfio_variant_device_get_type_evidence(device)));
        json_put(object, "tag_sources", sources_json(device));
        json_put_flag(object, "ready_unmanaged", vfio_variant_device_is_ready(device));
        json_put_flag(object, "must_reset", vfio_variant_device_must_reset(device));
        json_put_flag(object, "unusable_nvme", vfio_variant_device_is_unusable_nvme(device));
        json_put_flag(object, "no_iommu", vfio_variant_device_has_no_iommu(device));
        json_put_flag(object, "group_viable", vfio_variant_device_is_group_viable(device));
        json_put_string(object, "blocking_member", vfio_variant_device_get_blocking_member(device));
        json_put(object, "group_members", members_json(device));
        json_put_string(object, "group_node", vfio_variant_device_get_group_node(device));
        json_put_string(object, "cdev_node", vfio_variant_device_get_cdev_node(device));
        json_put_string(object, "physfn", vfio_variant_device_get_physfn(device));
        return object;
}
