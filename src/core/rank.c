/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Candidates for one device, and their total order. */
#include "rank.h"

#include "text.h"

static int compare(uint64_t a, uint64_t b) {
        return (a > b) - (a < b);
}

/* An alias before none. */
static int compare_aliases(const char *a, const char *b) {
        if (a && b)
                return text_compare(a, b);
        return compare(!a, !b);
}

int candidate_compare(const struct candidate *a, const struct candidate *b, const char *generic) {
        int r = compare(a->origin, b->origin);

        /* 1: fewest wildcards; 2: most literal letters */
        if (r == 0)
                r = compare(a->wildcards, b->wildcards);
        if (r == 0)
                r = compare(b->literals, a->literals);
        /* 3: the bus's own generic module before any other catch-all */
        if (r == 0)
                r = compare(!text_equal(a->module, generic), !text_equal(b->module, generic));
        /* 4: the order of the index; 5: the name */
        if (r == 0)
                r = compare(a->priority, b->priority);
        if (r == 0)
                r = text_compare(a->module, b->module);
        /* One module in two ways that weigh the same: what is built in need not be loaded */
        if (r == 0)
                r = compare(!a->built_in, !b->built_in);
        return r == 0 ? compare_aliases(a->alias, b->alias) : r;
}

void candidate_insert(struct candidate *list, size_t n, const struct candidate *candidate,
                      const char *generic) {
        while (n > 0 && candidate_compare(candidate, &list[n - 1], generic) < 0) {
                list[n] = list[n - 1];
                n--;
        }
        list[n] = *candidate;
}
