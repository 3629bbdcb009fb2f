/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tags of a device: its match keys, their properties in the hwdb, and the files that set them. */
#include <errno.h>
#include <stdio.h>
#include <syslog.h>

#include "device_keys.h"
#include "device_object.h"
#include "device_properties.h"
#include "hwdb.h"
#include "pci.h"
#include "tag_source.h"
#include "text.h"

/* Returns false if the rules do not look up the device. */
static bool lookups_of(const struct vfio_variant_device *device, struct tag_lookups *ret) {
        return !modalias_is_bridge(device->handle.modalias) &&
               tag_lookups_of(device->handle.sysname, device->handle.modalias, device->physfn,
                              ret) == 0;
}

int vfio_variant_device_key(const struct vfio_variant_device *device, char ret[TAG_KEY_SIZE]) {
        if (modalias_is_bridge(device->handle.modalias) ||
            modalias_is_iommu(device->handle.modalias))
                return -ENOTSUP;
        return tag_key_of_device(device->handle.sysname, device->handle.modalias, ret);
}

int vfio_variant_device_key_of_functions(const struct vfio_variant_device *device,
                                         char ret[TAG_KEY_SIZE]) {
        char total[32];

        if (device_attribute(device->handle.fd, "sriov_totalvfs", total, sizeof(total)) < 0)
                return -ENOTSUP;
        return tag_key_of_functions(device->handle.sysname, ret);
}

int vfio_variant_device_is_matched(const struct vfio_variant_device *device, const char *key) {
        struct tag_lookups lookups;

        return lookups_of(device, &lookups) && tag_lookups_match(&lookups, key);
}

/*
 * Returns the value of PROPERTY for the closest key that sets it; NULL if none does. It may be set
 * to nothing, as in 60-vfio-variant.rules.
 */
static const char *look_up(struct udev_hwdb *hwdb, const struct tag_lookups *lookups,
                           enum property property) {
        const char *value = NULL;

        for (unsigned i = 0; !value && i < lookups->n; i++)
                value = hwdb_value(hwdb, lookups->keys[i], property_name(property));
        return value;
}

/* Ignores an invalid value, with a warning, because a user wrote it. */
static void set_or_unset(struct vfio_variant_device *device, enum property property,
                         const char *value) {
        if (vfio_variant_device_set_property(device, property, value) >= 0)
                return;
        (void)vfio_variant_device_set_property(device, property, NULL);
        context_log(device->context, LOG_WARNING, property_name(property), " of ",
                    device->shown_sysname, " is ignored: its value in the hwdb is invalid");
}

int vfio_variant_device_read_tag(struct vfio_variant_device *device) {
        struct vfio_variant *context = device->context;
        struct tag_lookups lookups;
        int r = context_open_hwdb(context);

        if (r < 0)
                return r;
        if (!lookups_of(device, &lookups))
                lookups.n = 0;
        for (enum property i = 0; i < N_CHOICE_PROPERTIES; i++)
                if (property_rows[i].setter == PROPERTY_SET_BY_ADMIN)
                        set_or_unset(device, i, look_up(context->hwdb, &lookups, i));
        return property_is_tag(device->properties.bind);
}

_public_ int vfio_variant_device_is_tagged(struct vfio_variant_device *device) {
        int r = properties_read(device, NULL);

        if (r > 0)
                return property_is_tag(device->properties.bind);
        return r == -ENODEV ? r : vfio_variant_device_read_tag(device);
}

_public_ const char *vfio_variant_device_get_tag(struct vfio_variant_device *device) {
        return device_keep(device, KEPT_TAG, choice_need_pin(device), device->properties.bind);
}

_public_ const char *vfio_variant_device_get_pin(struct vfio_variant_device *device) {
        return device_keep(device, KEPT_PIN, choice_need_pin(device), device->properties.pin);
}

static void put_place(const struct tag_source *source, char ret[TAG_KEY_SIZE]) {
        (void)snprintf(ret, TAG_KEY_SIZE, "%s/%s:%u", source->directory, source->name,
                       source->line);
}

struct tag_visit {
        vfio_variant_tag_fn on_source;
        void *userdata;
};

static int visit_tag(const struct tag_source *source, void *userdata) {
        char place[TAG_KEY_SIZE], match[TAG_KEY_SIZE];
        const struct tag_visit *tag_visit = userdata;

        put_place(source, place);
        copy_printable(match, sizeof(match), source->match);
        tag_visit->on_source(place, match, tag_visit->userdata);
        return 0;
}

_public_ int vfio_variant_device_each_tag(const struct vfio_variant_device *device,
                                          vfio_variant_tag_fn on_source, void *userdata) {
        struct tag_visit tag_visit = {.on_source = on_source, .userdata = userdata};
        struct tag_lookups lookups;

        if (!lookups_of(device, &lookups))
                return 0;
        return tag_source_each(&lookups, PROPERTY_BIND, visit_tag, &tag_visit);
}

struct pin_visit {
        const char *pin;
        char *ret;
};

static int visit_pin(const struct tag_source *source, void *userdata) {
        const struct pin_visit *visit_tag = userdata;

        if (text_is(source->value->bytes, source->value->length, visit_tag->pin))
                put_place(source, visit_tag->ret);
        return 0;
}

void tags_find_pin(const struct vfio_variant_device *device, const char *pin,
                   char ret[TAG_KEY_SIZE]) {
        struct pin_visit pin_visit = {.pin = pin, .ret = ret};
        struct tag_lookups lookups;

        ret[0] = '\0';
        if (lookups_of(device, &lookups))
                (void)tag_source_each(&lookups, PROPERTY_PIN, visit_pin, &pin_visit);
}
