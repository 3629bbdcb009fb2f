/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The choice: candidates in rank order, weighed by the policy. For choice.c alone. */
#pragma once

#include "choice.h"
#include "module_info.h"

struct choice_source {
        struct arena arena; /* of what the source holds until it is closed, itself too */
        struct index *index;
        struct policy *policy;
        struct facts_book facts;
        struct arena matches; /* of the choice that is being found */
};

/* A module that is usable, and the candidates that were usable before it. */
struct usable {
        const struct usable *previous;
        const char *module;
};

/* A choice that is being found: candidates come in rank order. */
struct search {
        struct choice_source *source;
        const struct modalias *key;
        const char *pin;
        struct choice *choice;
        const struct usable *usable; /* NULL until there is a choice */
        bool is_at_end;              /* the generic driver was met: nothing after it is tried */
        choice_candidate_fn on_candidate; /* NULL: nobody asks how */
        void *userdata;
};

/* Pin, administrator, index, generic: as in enum vfio_variant_candidate_origin. Returns as
 * choice_find(), or what ON_CANDIDATE returned. */
int choice_search(struct search *search);
