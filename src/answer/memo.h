/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Memo of answers, by modalias. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "answer.h"
#include "arena.h"

/* A host has thousands of functions, of some dozens of kinds. */
#define MEMO_SETS 32
#define MEMO_WAYS 4

struct memo_key {
        const char *modalias;
        size_t length;
        uint64_t hash;
};

/* The key of MODALIAS, which is the caller's. */
struct memo_key memo_key(const char *modalias);

struct memo_entry {
        struct memo_key key;
        const char *driver, *module, *alias, *fallback;
};

/* Zero-initialised: empty. */
struct memo {
        const struct memo_entry
                *entries[MEMO_SETS][MEMO_WAYS]; /* the newest of a set is the first */
        struct arena arena;                     /* of all that they hold */
};

void memo_done(struct memo *memo);

/* What was answered for KEY without a pin. Returns whether that is known. */
bool memo_find(const struct memo *memo, const struct memo_key *key, struct answer *ret);

/*
 * Remembers ANSWER for KEY, and forgets the oldest of its set; where that is too much, all.
 * Short of memory it remembers nothing.
 */
void memo_add(struct memo *memo, const struct memo_key *key, const struct answer *answer);
