/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The candidates for a device or modalias, as JSON. */
#include "explain.h"

static int add_candidate(const struct vfio_variant_candidate *candidate, void *userdata) {
        json_object *object = json_new_object();

        json_put_string(object, "driver", vfio_variant_candidate_get_driver(candidate));
        json_put_string(object, "module", vfio_variant_candidate_get_module(candidate));
        json_put_string(object, "alias", vfio_variant_candidate_get_alias(candidate));
        json_put_flag(object, "built_in", vfio_variant_candidate_is_built_in(candidate));
        json_put_string(
                object, "origin",
                vfio_variant_candidate_origin_name(vfio_variant_candidate_get_origin(candidate)));
        json_put_number(object, "wildcards", vfio_variant_candidate_get_wildcards(candidate));
        json_put_number(object, "literals", vfio_variant_candidate_get_literals(candidate));
        json_put_number(object, "priority", vfio_variant_candidate_get_priority(candidate));
        json_put_string(object, "verdict",
                        vfio_variant_verdict_name(vfio_variant_candidate_get_verdict(candidate)));
        json_put_string(object, "rule",
                        vfio_variant_rule_name(vfio_variant_candidate_get_rule(candidate)));
        json_put_string(object, "reason", vfio_variant_candidate_get_reason(candidate));
        json_append(userdata, object);
        return 0;
}

int explain_json(const struct question *question, json_object **ret) {
        _cleanup_(json_object_putp) json_object *candidates = json_new_array();
        json_object *object;
        int r = question_each_candidate(question, add_candidate, candidates);

        if (r < 0)
                return r;
        object = json_new_object();
        json_put_string(object, "sysname",
                        question->device ? vfio_variant_device_get_sysname(question->device)
                                         : NULL);
        json_put_string(object, "modalias", question->modalias);
        json_put_string(object, "pin", question_pin(question));
        json_put(object, "candidates", take_pointer(candidates));
        *ret = object;
        return 0;
}
