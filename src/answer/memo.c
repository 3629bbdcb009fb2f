/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Memo of answers, by modalias. */
#include "memo.h"

#include <string.h>

#include "text.h"

/*
 * The memo of that many bytes begins anew, in the same memory: one chunk of an arena. An entry has
 * some 200, so that twice the entries that are remembered fit.
 */
#define SIZE_OF_ALL_MAX ((size_t)48 * 1024)

/* Eight letters a step; the odd factor is 2^64 divided by the golden ratio. */
static uint64_t hash_text(const char *text, size_t length) {
        uint64_t hash = length;

        for (size_t i = 0; i < length; i += sizeof(uint64_t)) {
                uint64_t eight = 0;

                if (length - i >= sizeof(eight))
                        __builtin_memcpy(&eight, text + i, sizeof(eight));
                else
                        memcpy((char *)&eight, text + i, length - i);
                hash = (hash ^ eight) * UINT64_C(0x9E3779B97F4A7C15);
                hash ^= hash >> 32;
        }
        return hash;
}

struct memo_key memo_key(const char *modalias) {
        size_t length = strlen(modalias);

        return (struct memo_key){
                .modalias = modalias,
                .length = length,
                .hash = hash_text(modalias, length),
        };
}

static bool is_same(const struct memo_key *a, const struct memo_key *b) {
        return a->hash == b->hash && a->length == b->length &&
               memcmp(a->modalias, b->modalias, a->length) == 0;
}

static void forget_all(struct memo *memo) {
        for (size_t i = 0; i < MEMO_SETS; i++)
                for (size_t j = 0; j < MEMO_WAYS; j++)
                        memo->entries[i][j] = NULL;
}

void memo_done(struct memo *memo) {
        arena_done(&memo->arena);
        forget_all(memo);
}

static void fill_in(const struct memo_entry *entry, struct answer *ret) {
        /* They fit: they come from such an answer */
        (void)text_put(ret->driver, sizeof(ret->driver), entry->driver);
        (void)text_put(ret->module, sizeof(ret->module), entry->module);
        (void)text_put(ret->alias, sizeof(ret->alias), entry->alias);
        (void)text_put(ret->fallback, sizeof(ret->fallback), entry->fallback);
        ret->pin = PIN_NONE;
        ret->pin_ban = POLICY_NO_BAN;
        ret->pin_banned[0] = '\0';
}

bool memo_find(const struct memo *memo, const struct memo_key *key, struct answer *ret) {
        for (size_t i = 0; i < MEMO_WAYS; i++) {
                const struct memo_entry *entry = memo->entries[key->hash % MEMO_SETS][i];

                if (entry && is_same(&entry->key, key)) {
                        fill_in(entry, ret);
                        return true;
                }
        }
        return false;
}

/* Of an entry: the modalias, and those of the answer. */
#define N_STRINGS 5

/* Copies TEXT, of LENGTH letters and a NUL, to *AT, and moves *AT behind it. */
static const char *put_text(char **at, const char *text, size_t length) {
        char *copy = *at;

        memcpy(copy, text, length + 1);
        *at += length + 1;
        return copy;
}

/* An entry and all its strings, in one piece; NULL where memory is short. */
static struct memo_entry *make_entry(struct arena *arena, const struct memo_key *key,
                                     const struct answer *answer) {
        size_t n_driver = strlen(answer->driver), n_module = strlen(answer->module),
               n_alias = strlen(answer->alias), n_fallback = strlen(answer->fallback);
        size_t n = key->length + n_driver + n_module + n_alias + n_fallback + N_STRINGS; /* NULs */
        struct memo_entry *entry = arena_take(arena, sizeof(*entry) + n);
        char *at;

        if (!entry)
                return NULL;
        at = (char *)(entry + 1);
        entry->key = *key;
        entry->key.modalias = put_text(&at, key->modalias, key->length);
        entry->driver = put_text(&at, answer->driver, n_driver);
        entry->module = put_text(&at, answer->module, n_module);
        entry->alias = put_text(&at, answer->alias, n_alias);
        entry->fallback = put_text(&at, answer->fallback, n_fallback);
        return entry;
}

void memo_add(struct memo *memo, const struct memo_key *key, const struct answer *answer) {
        const struct memo_entry **set = memo->entries[key->hash % MEMO_SETS];
        struct memo_entry *entry;

        if (memo->arena.taken > SIZE_OF_ALL_MAX) {
                arena_rewind(&memo->arena);
                forget_all(memo);
        }
        entry = make_entry(&memo->arena, key, answer);
        if (!entry)
                return;
        for (size_t i = MEMO_WAYS - 1; i > 0; i--)
                set[i] = set[i - 1];
        set[0] = entry;
}
