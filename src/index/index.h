/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The module index of one kernel: which modules have an alias that matches a device. */
#pragma once

#include <stdbool.h>

#include "arena.h"
#include "match_list.h"
#include "modalias.h"

struct index;

/* Space for the path of the running kernel's module directory. */
#define INDEX_DIRECTORY_SIZE 128

/*
 * *ret: the directory of the running kernel's index, whether it exists or not:
 * /lib/modules/RELEASE, or /usr/lib/modules/RELEASE if only that exists. Returns 1 if it exists, 0
 * if not, or the negative errno of opening it.
 */
int index_find_directory(char ret[INDEX_DIRECTORY_SIZE]);

enum index_presence {
        MODULE_ABSENT,
        MODULE_LOADABLE, /* in modules.dep */
        MODULE_BUILT_IN,
};

/*
 * Opens the index in DIRECTORY, which contains modules.alias.bin. NULL: the running kernel's, below
 * /lib/modules or /usr/lib/modules. It can be used for any number of lookups. Files are read once,
 * so that the result of a later depmod is only seen by an index that is opened after it. A
 * directory without an index can be opened, and each lookup fails with -ENOENT.
 *
 * Memory is taken from ARENA. Returns 0 and an index, which the caller closes with index_close()
 * before the arena is released; -ENOENT if there is no such directory; -EBADMSG if a .bin file is
 * damaged and there is no text file to read instead; -ENOMEM; or the negative errno of a system
 * call.
 */
int index_open(const char *directory, struct arena *arena, struct index **ret);
void index_close(struct index *index);

/*
 * Finds all aliases that match KEY, in the indexes of loadable and of built-in modules. *matches:
 * the matches in rank order, with memory from ARENA; empty on failure. Returns 0, -ENOENT if the
 * directory has no index of the aliases of loadable modules, or an error as index_open().
 */
int index_lookup(struct index *index, const struct modalias *key, struct arena *arena,
                 struct matches *matches);

/* Has MODULE an alias for VFIO drivers on KEY's bus? Returns 1, 0 or an error as index_open(). */
int index_module_has_alias(struct index *index, const struct modalias *key, const char *module);

/*
 * Is MODULE, as depmod writes its name, loadable or built in? If NAMED_BUILT_IN is true it comes
 * from the index of built-in aliases, which is taken as sufficient if the directory has no list of
 * built-in modules. Returns 0 or an error as index_open().
 */
int index_find_module(struct index *index, const char *module, bool named_built_in,
                      enum index_presence *ret);

/*
 * Calls ON_MODULE for each loadable module that MODULE depends on. Returns 0, the first non-zero
 * value of ON_MODULE, or an error as index_open().
 */
int index_each_dependency(struct index *index, const char *module,
                          int (*on_module)(const char *module, void *userdata), void *userdata);

/* Returns the name of a damaged file for which a text file was read instead, or NULL. */
const char *index_damaged_file(const struct index *index);

/*
 * Reads everything that a lookup may need: each VFIO alias of a bus in core/bus.c, and the lists of
 * modules. Returns 0; 1 and *ret, the name of a damaged file, also if a text file can be read
 * instead; -ENOENT if there is no index of aliases; or the negative errno of a read.
 */
int index_check(struct index *index, const char **ret);
