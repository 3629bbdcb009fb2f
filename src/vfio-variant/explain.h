/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A device or modalias that is explained, and its candidates in both forms. */
#pragma once

#include "json.h"
#include "vfio-variant.h"

/* A modalias, or a device and its modalias. */
struct question {
        struct vfio_variant *context;
        struct vfio_variant_device *device; /* NULL: only a modalias is given */
        const char *modalias;
};

/* Calls ON_CANDIDATE for each, in rank order. Returns as vfio_variant_each_candidate(). */
int question_each_candidate(const struct question *question, vfio_variant_candidate_fn on_candidate,
                            void *userdata);

/* VFIO_VARIANT_PIN, or NULL. */
const char *question_pin(const struct question *question);

/* Return 0, or a negative errno of the lookup, and then print nothing. IS_NEXT: an empty line
 * separates this from the text before. */
int explain_print(const struct question *question, bool is_next);
int explain_json(const struct question *question, json_object **ret);
