/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A sorted list of candidates that grows. */
#include "match_list.h"

#include <errno.h>

#include "alias.h"

/* Most devices have one match, and those with a variant driver two. */
#define FIRST_SIZE 4

static bool make_room(struct matches *matches, struct arena *arena) {
        size_t n = matches->allocated ? matches->allocated * 2 : FIRST_SIZE;
        struct candidate *list;

        if (matches->n < matches->allocated)
                return true;
        list = arena_take(arena, n * sizeof(*list));
        if (!list)
                return false;
        for (size_t i = 0; i < matches->n; i++)
                list[i] = matches->list[i];
        matches->list = list;
        matches->allocated = n;
        return true;
}

int matches_add_candidate(struct matches *matches, struct arena *arena,
                          const struct candidate *candidate) {
        if (!make_room(matches, arena))
                return -ENOMEM;
        candidate_insert(matches->list, matches->n++, candidate, matches->generic);
        return 0;
}

int matches_add(struct matches *matches, struct arena *arena, const char *alias, const char *module,
                const struct candidate *like) {
        struct candidate candidate = *like;

        candidate.alias = arena_text(arena, alias);
        candidate.module = arena_text(arena, module);
        if (!candidate.alias || !candidate.module)
                return -ENOMEM;
        alias_count(alias, &candidate.wildcards, &candidate.literals);
        return matches_add_candidate(matches, arena, &candidate);
}
