/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A device in JSON. */
#include "device_json.h"

#include "facts.h"
#include "words.h"

void device_json_put(json_object *object, const char *key, struct vfio_variant_device *device,
                     enum vfio_variant_string what) {
        json_put_string(object, key, fact_string(device, what));
}

static json_object *answer_json(struct vfio_variant_device *device) {
        json_object *answer;

        if (!fact_string(device, VFIO_VARIANT_ANSWER))
                return NULL;
        answer = json_new_object();
        device_json_put(answer, "driver", device, VFIO_VARIANT_ANSWER);
        device_json_put(answer, "module", device, VFIO_VARIANT_ANSWER_MODULE);
        device_json_put(answer, "alias", device, VFIO_VARIANT_ANSWER_ALIAS);
        device_json_put(answer, "fallback", device, VFIO_VARIANT_ANSWER_FALLBACK);
        json_put_string(answer, "origin",
                        word_of_origin(fact_number(device, VFIO_VARIANT_ANSWER_ORIGIN)));
        return answer;
}

static void put_name(json_object *object, struct vfio_variant_device *device) {
        char vendor[VFIO_VARIANT_NAME_SIZE], model[VFIO_VARIANT_NAME_SIZE];

        vfio_variant_device_get_name(device, vendor, model);
        json_put_string(object, "vendor", *vendor ? vendor : NULL);
        json_put_string(object, "model", *model ? model : NULL);
}

json_object *device_json(struct vfio_variant_device *device, const struct device_state *state) {
        json_object *object = json_new_object();

        device_json_put(object, "sysname", device, VFIO_VARIANT_SYSNAME);
        device_json_put(object, "syspath", device, VFIO_VARIANT_SYSPATH);
        device_json_put(object, "subsystem", device, VFIO_VARIANT_SUBSYSTEM);
        device_json_put(object, "modalias", device, VFIO_VARIANT_MODALIAS);
        put_name(object, device);
        json_put_string(object, "driver", *state->driver ? state->driver : NULL);
        json_put_string(object, "type", word_of_type(fact_number(device, VFIO_VARIANT_TYPE)));
        json_put(object, "variant", state_is_for_guests(state->state) ? answer_json(device) : NULL);
        json_put_flag(object, "tagged", state->is_tagged);
        json_put_string(object, "bind",
                        vfio_variant_device_get_property(device, "VFIO_VARIANT_BIND"));
        json_put_string(object, "pin",
                        vfio_variant_device_get_property(device, "VFIO_VARIANT_PIN"));
        json_put_number(object, "group", fact_number(device, VFIO_VARIANT_GROUP_NUMBER));
        json_put_string(object, "state", state_word(state->state));
        json_put_string(object, "reason", state->reason[0] ? state->reason : NULL);
        return object;
}
