/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Candidates for a device, and their order. */
#include "rank.h"

#include <string.h>

#include "text.h"

static int compare_numbers(uint64_t a, uint64_t b) {
        return (a > b) - (a < b);
}

/* A candidate with an alias precedes one without. */
static int compare_aliases(const char *a, const char *b) {
        if (a && b)
                return strcmp(a, b);
        return compare_numbers(!a, !b);
}

/* The generic module ranks among the index, even if no alias names it. */
static enum vfio_variant_candidate_origin precedence(const struct candidate *candidate) {
        return candidate->origin == VFIO_VARIANT_CANDIDATE_GENERIC ? VFIO_VARIANT_CANDIDATE_INDEX
                                                                   : candidate->origin;
}

/* Compares A and B by RULE; by VFIO_VARIANT_RULE_NAME also by all that remains. */
static int compare_by(enum vfio_variant_rule rule, const struct candidate *a,
                      const struct candidate *b, const char *generic) {
        int r;

        switch (rule) {
        case VFIO_VARIANT_RULE_ORIGIN:
                return compare_numbers(precedence(a), precedence(b));
        case VFIO_VARIANT_RULE_WILDCARDS:
                return compare_numbers(a->wildcards, b->wildcards);
        case VFIO_VARIANT_RULE_LITERALS:
                return compare_numbers(b->literals, a->literals);
        case VFIO_VARIANT_RULE_GENERIC:
                return compare_numbers(!streq(a->module, generic), !streq(b->module, generic));
        case VFIO_VARIANT_RULE_PRIORITY:
                return compare_numbers(a->priority, b->priority);
        case VFIO_VARIANT_RULE_NAME:
        default:
                r = strcmp(a->module, b->module);
        }
        /* The same module twice: a built-in module does not have to be loaded */
        if (r == 0)
                r = compare_numbers(!a->built_in, !b->built_in);
        if (r == 0)
                r = compare_aliases(a->alias, b->alias);
        return r == 0 ? compare_numbers(a->origin, b->origin) : r;
}

int candidate_compare(const struct candidate *a, const struct candidate *b, const char *generic) {
        return compare_by(candidate_rule(a, b, generic), a, b, generic);
}

enum vfio_variant_rule candidate_rule(const struct candidate *a, const struct candidate *b,
                                      const char *generic) {
        enum vfio_variant_rule rule = VFIO_VARIANT_RULE_ORIGIN;

        while (rule < VFIO_VARIANT_RULE_NAME && compare_by(rule, a, b, generic) == 0)
                rule++;
        return rule;
}

void candidate_insert(struct candidate *list, size_t n, const struct candidate *candidate,
                      const char *generic) {
        while (n > 0 && candidate_compare(candidate, &list[n - 1], generic) < 0) {
                list[n] = list[n - 1];
                n--;
        }
        list[n] = *candidate;
}
