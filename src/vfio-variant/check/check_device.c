/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A device that `check` checks, and its properties. */
#include <errno.h>

#include "check.h"
#include "device_choice.h"
#include "device_keys.h"
#include "device_properties.h"
#include "text.h"

static const char *const names[N_PROPERTIES] = {
        [PROPERTY_DRIVER] = "VFIO_VARIANT_DRIVER", [PROPERTY_MODULE] = "VFIO_VARIANT_MODULE",
        [PROPERTY_ALIAS] = "VFIO_VARIANT_ALIAS",   [PROPERTY_FALLBACK] = "VFIO_VARIANT_FALLBACK",
        [PROPERTY_BIND] = "VFIO_VARIANT_BIND",     [PROPERTY_PIN] = "VFIO_VARIANT_PIN",
};

const char *property_name(enum property property) {
        return names[property];
}

static void keep_properties(const struct vfio_variant_device *device,
                            char ret[N_PROPERTIES][PROPERTY_SIZE]) {
        for (size_t i = 0; i < N_PROPERTIES; i++) {
                const char *value = vfio_variant_device_get_property(device, names[i]);

                (void)text_put(ret[i], PROPERTY_SIZE, value ? value : "");
        }
}

/* Properties of an earlier read are removed. */
static void remove_properties(struct vfio_variant_device *device) {
        for (size_t i = 0; i < N_PROPERTIES; i++)
                (void)vfio_variant_device_set_property(device, names[i], NULL);
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
        ret->known = vfio_variant_device_read_database(device);
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
        const char *bind = subject->database[PROPERTY_BIND];

        return subject->is_tagged || (*bind && !streq(bind, "0")) ||
               subject->type == VFIO_VARIANT_TYPE_VFIO;
}
