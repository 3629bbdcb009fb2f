/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A sorted list of candidates that grows. */
#pragma once

#include <stddef.h>

#include "arena.h"
#include "rank.h"

/* In rank order. Zero-initialised, but for GENERIC: empty. All memory is taken from one arena. */
struct matches {
        const char *generic; /* the generic module of the bus */
        struct candidate *list;
        size_t n, allocated;
};

/*
 * Adds MODULE with ALIAS, both copied into ARENA. Wildcards and literals are counted, all other
 * fields are those of LIKE. Returns 0 or -ENOMEM.
 */
int matches_add(struct matches *matches, struct arena *arena, const char *alias, const char *module,
                const struct candidate *like);

/* Adds CANDIDATE; its strings are not copied. Returns 0 or -ENOMEM. */
int matches_add_candidate(struct matches *matches, struct arena *arena,
                          const struct candidate *candidate);
