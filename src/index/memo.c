/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Memo of answers: what a key was answered with, while the key has its slot. */
#include "memo.h"

#include <stdlib.h>
#include <string.h>

/* Eight bytes a step; the odd factor is 2^64 divided by the golden ratio. */
static uint64_t hash_key(const struct modalias *key) {
        uint64_t hash = key->length;
        size_t i = 0;

        while (i < key->length) {
                uint64_t eight = 0;
                size_t left = key->length - i;

                memcpy(&eight, key->key + i, left < sizeof(eight) ? left : sizeof(eight));
                hash = (hash ^ eight) * UINT64_C(0x9E3779B97F4A7C15);
                hash ^= hash >> 32;
                i += sizeof(eight);
        }
        return hash;
}

void memo_entry_free(struct memo_entry *entry) {
        if (!entry)
                return;
        /* One piece of memory holds both strings of a candidate, and begins with its alias */
        for (size_t i = 0; i < entry->matches.n; i++)
                free((char *) entry->matches.list[i].alias);
        free(entry->matches.list);
        free(entry);
}

void memo_done(struct memo *memo) {
        for (size_t i = 0; i < MEMO_SLOTS; i++)
                memo_entry_free(memo->slots[i]);
}

struct memo_entry *memo_find(const struct memo *memo, const struct modalias *key) {
        uint64_t hash = hash_key(key);
        struct memo_entry *entry = memo->slots[hash % MEMO_SLOTS];

        if (!entry || entry->hash != hash || entry->length != key->length ||
            memcmp(entry->key, key->key, key->length) != 0)
                return NULL;
        return entry;
}

struct memo_entry *memo_entry_new(const struct modalias *key) {
        struct memo_entry *entry = malloc(sizeof(*entry) + key->length);

        if (!entry)
                return NULL;
        entry->hash = hash_key(key);
        entry->length = key->length;
        entry->matches = (struct index_matches){};
        memcpy(entry->key, key->key, key->length);
        return entry;
}

void memo_add(struct memo *memo, struct memo_entry *entry) {
        struct memo_entry **slot = &memo->slots[entry->hash % MEMO_SLOTS];

        memo_entry_free(*slot);
        *slot = entry;
}
