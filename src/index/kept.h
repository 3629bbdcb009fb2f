/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The aliases of one bus, kept in rank order: who looks up device after device need not walk the
 * trie for each. Nearly all of them differ from a device's key within their first letters, so that
 * some dozens are asked faster than a dozen nodes are walked.
 */
#pragma once

#include <stdbool.h>

#include "matches.h"
#include "modalias.h"

/* The kernel's own drivers have some forty aliases; of many more the trie is the faster reader. */
#define KEPT_MAX 256

/* All zero, but for `key`: nothing is kept yet. */
struct kept {
        struct modalias key; /* the begin of all keys of the bus, from modalias_begin() */
        struct arena arena;
        struct matches all;
        size_t *heads; /* of each alias: its letters before the first wildcard */
};

/* Adds an alias of the bus, as matches_add() does. Returns 0, -ENOMEM, or -E2BIG: it is too many.
 */
int kept_add(struct kept *kept, const char *alias, const char *module,
             const struct candidate *like);

/* Ends the adding. Returns 0 or -ENOMEM. */
int kept_end(struct kept *kept);

/* Adds those that match KEY, of the same bus, to MATCHES, in rank order. Returns 0 or -ENOMEM. */
int kept_lookup(const struct kept *kept, const struct modalias *key, struct arena *arena,
                struct matches *matches);

/* Gives its memory back; nothing is kept again. */
void kept_done(struct kept *kept);
