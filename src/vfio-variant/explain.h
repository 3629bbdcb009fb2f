/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is explained, and its candidates in both forms. */
#pragma once

#include "json.h"
#include "vfio-variant.h"

/* A modalias, or a device with its. */
struct question {
        struct vfio_variant *context;
        struct vfio_variant_device *device; /* NULL: of a modalias alone */
        const char *modalias;
};

/* Calls ON_CANDIDATE for each, in rank order. Returns as the library's. */
int question_each_candidate(const struct question *question, vfio_variant_candidate_fn on_candidate,
                            void *userdata);

/* VFIO_VARIANT_PIN, or NULL. */
const char *question_pin(const struct question *question);

/* Print nothing where they fail. Return 0, or a negative errno of the look-up. IS_NEXT: there is
 * text before this. */
int explain_print(const struct question *question, bool is_next);
int explain_json(const struct question *question, json_object **ret);
