/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The text files of the index, for a module directory whose .bin files are missing or damaged. */
#pragma once

#include "modalias.h"
#include "trie.h"

/*
 * Calls ON_MATCH for each alias in the file NAME (modules.alias) that matches KEY. The priority is
 * the number of the line, because depmod sorts the lines by priority. Returns 0, -ENOENT if there
 * is no such file, -EBADMSG if it is truncated, or another negative errno.
 */
int text_index_lookup(int dir_fd, const char *name, const struct modalias *key,
                      trie_match_fn on_match, void *userdata);

/* Called for each module that another module depends on. A non-zero return value stops it. */
typedef int (*dependency_fn)(const char *module, void *userdata);

/*
 * Calls ON_MODULE for each module after the colon in LINE, a line of modules.dep; the name is as
 * depmod writes it. Returns 0, or the non-zero value of ON_MODULE.
 */
int text_index_split_line(const char *line, dependency_fn on_module, void *userdata);

/*
 * Does the file NAME (modules.dep, modules.builtin) list MODULE? *ret, unless RET is NULL: its
 * line, which must be shorter than SIZE. Returns 1, 0 or an error as text_index_lookup().
 */
int text_index_find_module(int dir_fd, const char *name, const char *module, char *ret,
                           size_t size);
