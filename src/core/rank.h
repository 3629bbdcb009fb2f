/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Candidates for one device, and their total order: DESIGN, "The choice". */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vfio-variant.h"

/*
 * A candidate of a lower origin precedes one of a higher origin, whatever the rank says. Only the
 * bus's generic module, which no alias in the index names, ranks among those of the index, as
 * generic_candidate() weighs it.
 */
struct candidate {
        const char *alias; /* NULL where none names it */
        const char *module;
        uint32_t priority;  /* in the index: the line in modules.order */
        uint16_t wildcards; /* of the alias, as alias_weigh() counts */
        uint16_t literals;
        enum vfio_variant_candidate_origin origin;
        bool built_in; /* the index of built-in modules names it */
};

/*
 * Which of A and B comes first: below 0 for A, above 0 for B; 0 only for two that are alike in all
 * that the rank looks at. GENERIC is the name of the bus's generic module.
 */
int candidate_compare(const struct candidate *a, const struct candidate *b, const char *generic);

/* The rule by which one of A and B comes first. */
enum vfio_variant_rule candidate_rule(const struct candidate *a, const struct candidate *b,
                                      const char *generic);

/* Puts CANDIDATE at its place among the N in LIST, which are in order; there must be room for it.
 */
void candidate_insert(struct candidate *list, size_t n, const struct candidate *candidate,
                      const char *generic);
