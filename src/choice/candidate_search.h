/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The search for a choice: candidates in rank order, with the policy applied. Used by choice.c
 * only.
 */
#pragma once

#include "choice_result.h"
#include "module_info.h"

struct choice_source {
        struct arena arena; /* memory until the source is closed, including the source itself */
        struct index *index;
        struct policy *policy;
        struct module_info_cache info;
        bool is_used;         /* there was a search */
        struct arena matches; /* memory of the current search, unless it is the first */
};

/* A usable module, in a list of all that were usable before it. */
struct usable {
        const struct usable *previous;
        const char *module;
};

/* A search for a choice. Candidates are considered in rank order. */
struct candidate_search {
        struct choice_source *source;
        struct arena *arena; /* memory until the next search */
        const struct modalias *key;
        const char *pin;
        struct choice *choice;
        const struct usable *usable; /* NULL until there is a choice */
        bool is_at_end;              /* the generic driver was considered: no lower one is tried */
        choice_candidate_fn on_candidate; /* NULL: not reported */
        void *userdata;
};

/*
 * Considers candidates in the order of enum vfio_variant_candidate_origin. Returns as
 * choice_find(), or the non-zero value of ON_CANDIDATE.
 */
int candidate_search_run(struct candidate_search *search);
