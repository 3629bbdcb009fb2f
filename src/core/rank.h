/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Candidates for a device, and their order: DESIGN, "The choice". */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vfio-variant.h"

/*
 * A candidate of a lower origin precedes one of a higher origin, regardless of the other rules.
 * Exception: a generic module that no alias in the index names ranks among the candidates of the
 * index. generic_candidate() sets its wildcards and literals.
 */
struct candidate {
        const char *alias; /* NULL if the module has none */
        const char *module;
        uint32_t priority;  /* of the index: the line in modules.order */
        uint16_t wildcards; /* as alias_count() counts */
        uint16_t literals;
        enum vfio_variant_candidate_origin origin;
        bool built_in; /* from the index of built-in modules */
};

/*
 * Compares A and B: below 0 if A comes first, above 0 if B does, 0 if all rules are equal. GENERIC
 * is the name of the generic module of the bus.
 */
int candidate_compare(const struct candidate *a, const struct candidate *b, const char *generic);

/* The rule that decides between A and B. */
enum vfio_variant_rule candidate_rule(const struct candidate *a, const struct candidate *b,
                                      const char *generic);

/* Inserts CANDIDATE into LIST, which has N sorted entries and room for one more. */
void candidate_insert(struct candidate *list, size_t n, const struct candidate *candidate,
                      const char *generic);
