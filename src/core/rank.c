/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Candidates for one device, and their total order. */
#include "rank.h"

#include <string.h>

#include "text.h"

static int compare(uint64_t a, uint64_t b) {
        return (a > b) - (a < b);
}

/* An alias before none. */
static int compare_aliases(const char *a, const char *b) {
        if (a && b)
                return strcmp(a, b);
        return compare(!a, !b);
}

/* The generic module ranks with the index, whether an alias there names it or not. */
static enum candidate_origin precedence(const struct candidate *candidate) {
        return candidate->origin == CANDIDATE_GENERIC ? CANDIDATE_INDEX : candidate->origin;
}

/* Compares A and B by the numbers of RULE, and for RANK_NAME by all that is left. */
static int compare_by(enum rank_rule rule, const struct candidate *a, const struct candidate *b,
                      const char *generic) {
        int r;

        switch (rule) {
        case RANK_ORIGIN:
                return compare(precedence(a), precedence(b));
        case RANK_WILDCARDS:
                return compare(a->wildcards, b->wildcards);
        case RANK_LITERALS:
                return compare(b->literals, a->literals);
        case RANK_GENERIC:
                return compare(!streq(a->module, generic), !streq(b->module, generic));
        case RANK_PRIORITY:
                return compare(a->priority, b->priority);
        case RANK_NAME:
        default:
                r = strcmp(a->module, b->module);
        }
        /* One module in two ways that weigh the same: what is built in need not be loaded */
        if (r == 0)
                r = compare(!a->built_in, !b->built_in);
        if (r == 0)
                r = compare_aliases(a->alias, b->alias);
        return r == 0 ? compare(a->origin, b->origin) : r;
}

int candidate_compare(const struct candidate *a, const struct candidate *b, const char *generic) {
        return compare_by(candidate_rule(a, b, generic), a, b, generic);
}

enum rank_rule candidate_rule(const struct candidate *a, const struct candidate *b,
                              const char *generic) {
        enum rank_rule rule = RANK_ORIGIN;

        while (rule < RANK_NAME && compare_by(rule, a, b, generic) == 0)
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
