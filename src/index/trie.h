/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reader of the .bin indexes that depmod(8) writes: a trie, walked as far as a lookup needs it.
 *
 * The file is not trusted. Each offset, length and count is checked against the file before it is
 * used; all nodes lie before their parents (kmod up to 33) or all behind them (since 34), so that
 * there is no way round in circles; and no walk goes over more bytes than the file has, so that
 * there is no way to make many of a few.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "modalias.h"
#include "page_cache.h"

struct trie {
        struct blocks blocks;
        uint32_t root;
};

/*
 * Opens the index NAME in the directory DIR_FD; what is read of it lies in ARENA, and *ret must be
 * all zero, as a piece of an arena is. Returns 0, and *ret is to be released with trie_done();
 * -EBADMSG where it is damaged, -ENOENT where there is none, or another negative errno.
 */
int trie_open(int dir_fd, const char *name, struct arena *arena, struct trie *ret);
void trie_done(struct trie *trie);

/* Called for each match; the strings are the walk's own. A negative return value ends the walk. */
typedef int (*trie_match_fn)(const char *alias, const char *module, uint32_t priority,
                             void *userdata);

/*
 * Calls ON_MATCH for each alias in TRIE that matches KEY, and each module that it names, in no
 * order that means anything. Returns 0; -EBADMSG where the index is damaged (what was reported
 * until then is worth nothing); a negative errno of a read; or ON_MATCH's.
 */
int trie_lookup(struct trie *trie, const struct modalias *key, trie_match_fn on_match,
                void *userdata);

/* Does TRIE hold just KEY, as a string and with a value? Returns 1, 0 or an error as above. */
int trie_has(struct trie *trie, const char *key);

/*
 * The first value of KEY, which must end within SIZE bytes, in RET. Returns 1; 0 if KEY is not
 * there; or an error as above.
 */
int trie_read(struct trie *trie, const char *key, char *ret, size_t size);
