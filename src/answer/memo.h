/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Memo of answers, by modalias. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "answer.h"
#include "arena.h"

/* A host has thousands of functions, of some dozens of kinds. */
#define MEMO_SETS 32
#define MEMO_WAYS 4

struct memo_entry {
        uint64_t hash;
        size_t length;
        const char *modalias; /* LENGTH letters, and no NUL */
        const char *driver, *module, *alias, *fallback;
};

/* Zero-initialised: empty. */
struct memo {
        const struct memo_entry
                *entries[MEMO_SETS][MEMO_WAYS]; /* the newest of a set is the first */
        struct arena arena;                     /* of all that they hold */
};

void memo_done(struct memo *memo);

/* What was answered for MODALIAS without a pin. Returns whether that is known. */
bool memo_find(const struct memo *memo, const char *modalias, struct answer *ret);

/*
 * Remembers ANSWER for MODALIAS, and forgets the oldest of its set; where that is too much, all.
 * Short of memory it remembers nothing.
 */
void memo_add(struct memo *memo, const char *modalias, const struct answer *answer);
