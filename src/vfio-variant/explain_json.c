/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The candidates of a question, for a program. */
#include "explain.h"
#include "words.h"

static void put_string(json_object *object, const char *key,
                       const struct vfio_variant_candidate *candidate,
                       enum vfio_variant_candidate_string what) {
        json_put_string(object, key, vfio_variant_candidate_get_string(candidate, what));
}

static int number(const struct vfio_variant_candidate *candidate,
                  enum vfio_variant_candidate_number what) {
        return vfio_variant_candidate_get_number(candidate, what);
}

static int add(const struct vfio_variant_candidate *candidate, void *userdata) {
        json_object *object = json_new_object();

        put_string(object, "driver", candidate, VFIO_VARIANT_CANDIDATE_DRIVER);
        put_string(object, "module", candidate, VFIO_VARIANT_CANDIDATE_MODULE);
        put_string(object, "alias", candidate, VFIO_VARIANT_CANDIDATE_ALIAS);
        json_put_flag(object, "built_in", number(candidate, VFIO_VARIANT_CANDIDATE_IS_BUILT_IN));
        json_put_string(object, "origin",
                        word_of_candidate_origin(number(candidate, VFIO_VARIANT_CANDIDATE_ORIGIN)));
        json_put_number(object, "wildcards", number(candidate, VFIO_VARIANT_CANDIDATE_WILDCARDS));
        json_put_number(object, "letters", number(candidate, VFIO_VARIANT_CANDIDATE_LITERALS));
        json_put_number(object, "priority", number(candidate, VFIO_VARIANT_CANDIDATE_PRIORITY));
        json_put_string(object, "verdict",
                        word_of_verdict(number(candidate, VFIO_VARIANT_CANDIDATE_VERDICT)));
        json_put_string(object, "rule",
                        word_of_rule(number(candidate, VFIO_VARIANT_CANDIDATE_RULE)));
        put_string(object, "reason", candidate, VFIO_VARIANT_CANDIDATE_REASON);
        json_append(userdata, object);
        return 0;
}

int explain_json(const struct question *question, json_object **ret) {
        _cleanup_(json_object_putp) json_object *candidates = json_new_array();
        json_object *object;
        int r = question_each_candidate(question, add, candidates);

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
