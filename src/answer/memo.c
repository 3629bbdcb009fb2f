/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Memo of answers, by modalias. */
#include "memo.h"

#include "text.h"

/* The memo of that many bytes begins anew. An entry has some 200. */
#define SIZE_OF_ALL_MAX ((size_t)256 * 1024)

/* Eight letters a step; the odd factor is 2^64 divided by the golden ratio. */
static uint64_t hash_text(const char *text, size_t length) {
        uint64_t hash = length;

        for (size_t i = 0; i < length; i += sizeof(uint64_t)) {
                uint64_t eight = 0;

                if (length - i >= sizeof(eight))
                        __builtin_memcpy(&eight, text + i, sizeof(eight));
                else
                        text_copy((char *)&eight, text + i, length - i);
                hash = (hash ^ eight) * UINT64_C(0x9E3779B97F4A7C15);
                hash ^= hash >> 32;
        }
        return hash;
}

static bool is_same(const char *a, const char *b, size_t length) {
        for (size_t i = 0; i < length; i++)
                if (a[i] != b[i])
                        return false;
        return true;
}

void memo_done(struct memo *memo) {
        arena_done(&memo->arena);
        for (size_t i = 0; i < MEMO_SETS; i++)
                for (size_t j = 0; j < MEMO_WAYS; j++)
                        memo->entries[i][j] = NULL;
}

static void fill_in(const struct memo_entry *entry, struct answer *ret) {
        /* They fit: they come from such an answer */
        (void)text_put(ret->driver, sizeof(ret->driver), entry->driver);
        (void)text_put(ret->module, sizeof(ret->module), entry->module);
        (void)text_put(ret->alias, sizeof(ret->alias), entry->alias);
        (void)text_put(ret->fallback, sizeof(ret->fallback), entry->fallback);
        ret->pin = PIN_NONE;
}

bool memo_find(const struct memo *memo, const char *modalias, struct answer *ret) {
        size_t length = text_length(modalias);
        uint64_t hash = hash_text(modalias, length);

        for (size_t i = 0; i < MEMO_WAYS; i++) {
                const struct memo_entry *entry = memo->entries[hash % MEMO_SETS][i];

                if (entry && entry->hash == hash && entry->length == length &&
                    is_same(entry->modalias, modalias, length)) {
                        fill_in(entry, ret);
                        return true;
                }
        }
        return false;
}

static const char *keep(struct memo *memo, const char *text) {
        return arena_text(&memo->arena, text);
}

void memo_add(struct memo *memo, const char *modalias, const struct answer *answer) {
        const struct memo_entry **set;
        struct memo_entry *entry;

        if (memo->arena.taken > SIZE_OF_ALL_MAX)
                memo_done(memo);
        entry = arena_take(&memo->arena, sizeof(*entry));
        if (!entry)
                return;
        entry->length = text_length(modalias);
        entry->hash = hash_text(modalias, entry->length);
        entry->modalias = keep(memo, modalias);
        entry->driver = keep(memo, answer->driver);
        entry->module = keep(memo, answer->module);
        entry->alias = keep(memo, answer->alias);
        entry->fallback = keep(memo, answer->fallback);
        if (!entry->modalias || !entry->driver || !entry->module || !entry->alias ||
            !entry->fallback)
                return;
        set = memo->entries[entry->hash % MEMO_SETS];
        for (size_t i = MEMO_WAYS - 1; i > 0; i--)
                set[i] = set[i - 1];
        set[0] = entry;
}
