/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A list of candidates that grows. */
#pragma once

#include <stddef.h>

#include "arena.h"
#include "rank.h"

/* Zero-initialised: empty. All of it lies in the arena that it was filled from. */
struct matches {
        struct candidate *list;
        size_t n, allocated;
};

/*
 * Adds MODULE, which ALIAS names. The strings are copied into ARENA; the other fields are those of
 * LIKE, but for the weight of the alias. Returns 0 or -ENOMEM.
 */
int matches_add(struct matches *matches, struct arena *arena, const char *alias, const char *module,
                const struct candidate *like);

/* Adds CANDIDATE as it is: its strings stay where they are. Returns 0 or -ENOMEM. */
int matches_add_candidate(struct matches *matches, struct arena *arena,
                          const struct candidate *candidate);

/* Puts them in rank order; GENERIC is the bus's generic module. */
void matches_sort(struct matches *matches, const char *generic);
