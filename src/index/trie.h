/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reader of the .bin indexes that depmod(8) writes: a trie, of which only the part that a lookup
 * needs is read.
 *
 * The file is not trusted. Each offset, length and count is checked against the size of the file
 * before it is used. All nodes must precede their parents (kmod up to 33) or follow them (since
 * 34), so that references cannot form a loop. No walk reads more bytes than the file has, so that a
 * small file cannot cause a long walk.
 */
#pragma once

#include <stdint.h>

#include "modalias.h"
#include "node.h"

/*
 * Opens the index NAME in the directory DIR_FD. Pages of it are kept in ARENA. *ret must be zero,
 * as memory from an arena is. Returns 0 and a trie, which the caller releases with trie_done();
 * -EBADMSG if the file is damaged; -ENOENT if it does not exist; or another negative errno.
 */
int trie_open(int dir_fd, const char *name, struct arena *arena, struct trie *ret);
void trie_done(struct trie *trie);

/*
 * Called for each match. The strings are valid during the call. A negative return value stops the
 * walk.
 */
typedef int (*trie_match_fn)(const char *alias, const char *module, uint32_t priority,
                             void *userdata);

/*
 * Calls ON_MATCH for each alias in TRIE that matches KEY and each of its modules, in no particular
 * order. Returns 0; -EBADMSG if the index is damaged (all matches so far are invalid then); a
 * negative errno of a read; or the negative value of ON_MATCH.
 */
int trie_lookup(struct trie *trie, const struct modalias *key, trie_match_fn on_match,
                void *userdata);

/*
 * Does TRIE contain KEY, with a value? *ret, unless RET is NULL: the first value, which must be
 * shorter than SIZE. Returns 1, 0 or an error as trie_lookup().
 */
int trie_find(struct trie *trie, const char *key, char *ret, size_t size);
