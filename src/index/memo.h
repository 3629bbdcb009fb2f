/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Memo of answers: what a key was answered with. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "matches.h"
#include "modalias.h"

/* A host has thousands of functions, of some dozens of kinds. */
#define MEMO_SLOTS 64

struct memo_entry {
        uint64_t hash;
        size_t length;
        struct matches matches;
        uint64_t key[]; /* eight letters each */
};

/* Zero-initialised: empty. */
struct memo {
        struct memo_entry *slots[MEMO_SLOTS];
        struct arena arena; /* of the entries, and of all that they hold */
};

void memo_done(struct memo *memo);

/* The entry of KEY, or NULL. */
const struct memo_entry *memo_find(const struct memo *memo, const struct modalias *key);

/*
 * Makes an entry for KEY, to be filled from the memo's arena, which memo_find() does not yet find.
 * All entries may be given up for it. Returns NULL where memory is short.
 */
struct memo_entry *memo_new(struct memo *memo, const struct modalias *key);

/* Lets memo_find() find ENTRY, instead of the one that had its slot. */
void memo_add(struct memo *memo, struct memo_entry *entry);
