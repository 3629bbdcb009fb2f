/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Memo of answers: what a key was answered with. */
#include "memo.h"

/* The memo of that many bytes begins anew. An entry has some 300. */
#define SIZE_MAX_OF_ALL ((size_t)256 * 1024)

/* The bytes of a key are its letters, and zeros up to a whole number of words. */
static size_t n_words(const struct modalias *key) {
        return (key->length + sizeof(uint64_t) - 1) / sizeof(uint64_t);
}

static uint64_t word(const struct modalias *key, size_t i) {
        uint64_t eight;

        __builtin_memcpy(&eight, key->key + i * sizeof(eight), sizeof(eight));
        return eight;
}

/* Eight letters a step; the odd factor is 2^64 divided by the golden ratio. */
static uint64_t hash_key(const struct modalias *key) {
        uint64_t hash = key->length;

        for (size_t i = 0; i < n_words(key); i++) {
                hash = (hash ^ word(key, i)) * UINT64_C(0x9E3779B97F4A7C15);
                hash ^= hash >> 32;
        }
        return hash;
}

void memo_done(struct memo *memo) {
        arena_done(&memo->arena);
        for (size_t i = 0; i < MEMO_SLOTS; i++)
                memo->slots[i] = NULL;
}

static bool has_key(const struct memo_entry *entry, const struct modalias *key) {
        for (size_t i = 0; i < n_words(key); i++)
                if (entry->key[i] != word(key, i))
                        return false;
        return true;
}

const struct memo_entry *memo_find(const struct memo *memo, const struct modalias *key) {
        uint64_t hash = hash_key(key);
        const struct memo_entry *entry = memo->slots[hash % MEMO_SLOTS];

        if (!entry || entry->hash != hash || entry->length != key->length || !has_key(entry, key))
                return NULL;
        return entry;
}

struct memo_entry *memo_new(struct memo *memo, const struct modalias *key) {
        size_t size = n_words(key) * sizeof(uint64_t);
        struct memo_entry *entry;

        if (memo->arena.taken > SIZE_MAX_OF_ALL)
                memo_done(memo);
        entry = arena_take(&memo->arena, sizeof(*entry) + size);
        if (!entry)
                return NULL;
        entry->hash = hash_key(key);
        entry->length = key->length;
        entry->matches = (struct matches){};
        for (size_t i = 0; i < n_words(key); i++)
                entry->key[i] = word(key, i);
        return entry;
}

void memo_add(struct memo *memo, struct memo_entry *entry) {
        memo->slots[entry->hash % MEMO_SLOTS] = entry;
}
