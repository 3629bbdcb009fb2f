/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Memo of answers: what a key was answered with, while the key has its slot. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "index.h"
#include "modalias.h"

/* A host has thousands of functions, of some dozens of kinds. */
#define MEMO_SLOTS 128

struct memo_entry {
        uint64_t hash;
        size_t length;
        struct index_matches matches;
        char key[];
};

struct memo {
        struct memo_entry *slots[MEMO_SLOTS];
};

/* Frees all that MEMO holds. */
void memo_done(struct memo *memo);

/* The entry of KEY, or NULL. */
struct memo_entry *memo_find(const struct memo *memo, const struct modalias *key);

/* Makes an entry for KEY that holds no matches yet. Returns NULL where memory is short. */
struct memo_entry *memo_entry_new(const struct modalias *key);
void memo_entry_free(struct memo_entry *entry);

/* Takes ENTRY over, instead of the one that had its slot, which is freed. */
void memo_add(struct memo *memo, struct memo_entry *entry);
