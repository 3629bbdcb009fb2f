/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* All that is known of a device, for a program. */
#include "device_json.h"
#include "facts.h"
#include "info.h"
#include "vfio-variant-tag.h"
#include "words.h"

/* Numbers that are yes or no; null where the device has none. */
static void put_flag(json_object *object, const char *key, struct vfio_variant_device *device,
                     enum vfio_variant_number what) {
        int number = fact_number(device, what);

        if (number < 0)
                json_put(object, key, NULL);
        else
                json_put_flag(object, key, number > 0);
}

static void add_source(const char *place, const char *match, void *userdata) {
        json_object *source = json_new_object();

        json_put_string(source, "place", place);
        json_put_string(source, "match", match);
        json_append(userdata, source);
}

static json_object *sources_json(struct vfio_variant_device *device) {
        json_object *sources = json_new_array();

        (void)vfio_variant_device_each_tag(device, add_source, sources);
        return sources;
}

static int add_member(struct vfio_variant_device *member, void *userdata) {
        json_object *object = json_new_object();

        json_put_string(object, "sysname", fact_string(member, VFIO_VARIANT_SYSNAME));
        json_put_string(object, "driver", fact_string(member, VFIO_VARIANT_HOLDER));
        json_put_string(object, "type", word_of_type(fact_number(member, VFIO_VARIANT_TYPE)));
        put_flag(object, "breaks_group", member, VFIO_VARIANT_BREAKS_GROUP);
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

        device_json_put(object, "driver_module", device, VFIO_VARIANT_HOLDER_MODULE);
        json_put_string(object, "type_evidence",
                        word_of_evidence(fact_number(device, VFIO_VARIANT_TYPE_EVIDENCE)));
        json_put(object, "tag_sources", sources_json(device));
        put_flag(object, "ready_unmanaged", device, VFIO_VARIANT_IS_READY);
        put_flag(object, "must_reset", device, VFIO_VARIANT_MUST_RESET);
        put_flag(object, "stray_nvme", device, VFIO_VARIANT_IS_STRAY_NVME);
        put_flag(object, "no_iommu", device, VFIO_VARIANT_HAS_NO_IOMMU);
        put_flag(object, "group_viable", device, VFIO_VARIANT_GROUP_IS_VIABLE);
        device_json_put(object, "group_culprit", device, VFIO_VARIANT_GROUP_CULPRIT);
        json_put(object, "group_members", members_json(device));
        device_json_put(object, "group_node", device, VFIO_VARIANT_GROUP_NODE);
        device_json_put(object, "cdev_node", device, VFIO_VARIANT_CDEV_NODE);
        device_json_put(object, "physfn", device, VFIO_VARIANT_PHYSFN);
        return object;
}
