/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The text forms of the index, for a tree whose .bin files are missing or damaged. */
#pragma once

#include "modalias.h"
#include "trie.h"

/*
 * Calls ON_MATCH for each alias in the file NAME (modules.alias) that matches KEY; the priority is
 * the line, since depmod writes them in the order of priority. Returns 0, -ENOENT without such a
 * file, -EBADMSG where it was cut, or another negative errno.
 */
int text_index_lookup(int dir_fd, const char *name, const struct modalias *key,
                      trie_match_fn on_match, void *userdata);

/* Does the file NAME (modules.dep, modules.builtin) list MODULE? Returns 1, 0 or an error. */
int text_index_has_module(int dir_fd, const char *name, const char *module);
