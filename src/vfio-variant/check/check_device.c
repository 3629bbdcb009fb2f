/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A device that `check` checks, and its properties. */
#include "check.h"
#include "device_keys.h"
#include "device_properties.h"
#include "text.h"

static void keep_properties(const struct vfio_variant_device *device,
                            char ret[N_CHOICE_PROPERTIES][PROPERTY_SIZE]) {
        for (enum property i = 0; i < N_CHOICE_PROPERTIES; i++) {
                const char *value = vfio_variant_device_get_property(device, i);

                (void)text_put(ret[i], PROPERTY_SIZE, value ? value : "");
        }
}

/* Properties of an earlier read are removed. */
static void remove_properties(struct vfio_variant_device *device) {
        for (enum property i = 0; i < N_CHOICE_PROPERTIES; i++)
                (void)vfio_variant_device_set_property(device, i, NULL);
}

void subject_read(struct check *check, struct vfio_variant_device *device, struct subject *ret) {
        const char *syspath = vfio_variant_device_get_syspath(device);
        const char *driver = vfio_variant_device_get_driver(device);

        *ret = (struct subject){
                .device = device,
                .sysname = vfio_variant_device_get_sysname(device),
                .syspath = syspath ? syspath : "",
                .driver = driver ? driver : "",
                .type = vfio_variant_device_get_type(device),
        };
        ret->known = properties_read(device, NULL);
        if (ret->known > 0)
                keep_properties(device, ret->database);
        remove_properties(device);
        check->is_reading_tag = true;
        ret->is_tagged = vfio_variant_device_read_tag(device) > 0;
        check->is_reading_tag = false;
        ret->looked_up = vfio_variant_device_look_up(device, NULL);
        keep_properties(device, ret->now);
        ret->is_forced = streq(ret->now[PROPERTY_BIND], "force");
}

bool subject_is_for_guest(const struct subject *subject) {
        return subject->is_tagged || property_is_tag(subject->database[PROPERTY_BIND]) ||
               subject->type == VFIO_VARIANT_TYPE_VFIO ||
               vfio_variant_device_get_unbinding_driver(subject->device);
}
