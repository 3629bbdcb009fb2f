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

/* Called for each module that another depends on; what is not 0 ends it. */
typedef int (*dependency_fn)(const char *module, void *userdata);

/*
 * Calls ON_MODULE for each module that LINE of modules.dep, of LENGTH bytes, names after its colon,
 * in depmod's spelling. Returns 0, or what ON_MODULE returned.
 */
int text_index_split_line(const char *line, size_t length, dependency_fn on_module, void *userdata);

/* The same for the line of MODULE in the file NAME (modules.dep). Returns as text_index_lookup(),
 * too. */
int text_index_each_dependency(int dir_fd, const char *name, const char *module,
                               dependency_fn on_module, void *userdata);

/* Does the file NAME (modules.dep, modules.builtin) list MODULE? Returns 1, 0 or an error. */
int text_index_has_module(int dir_fd, const char *name, const char *module);
