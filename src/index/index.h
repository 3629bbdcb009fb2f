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
 * *ret: the directory in which the running kernel's index must be, whether it exists or not:
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
 * Opens the index in DIRECTORY, the one that holds modules.alias.bin; NULL: the running kernel's,
 * below /lib/modules or /usr/lib/modules. It stays open for any number of lookups, and keeps
 * what it read; it shows the files as they were then, so that who wants to see a later depmod opens
 * another. A directory without an index opens, and each lookup in it fails with -ENOENT.
 *
 * Its memory is taken from ARENA. Returns 0 and an index to be closed with index_close(), before
 * the arena is done; -ENOENT where there is no such directory; -EBADMSG where a .bin file is
 * damaged and no text file can stand in for it; -ENOMEM; or the errno of a system call.
 */
int index_open(const char *directory, struct arena *arena, struct index **ret);
void index_close(struct index *index);

/*
 * Finds all aliases that match KEY, in the indexes of loadable and of built-in modules, and adds
 * them to MATCHES, in rank order; their memory is taken from ARENA. On failure MATCHES are none.
 * Returns 0, -ENOENT if the directory has no index of the aliases of loadable modules, or an error
 * as index_open().
 */
int index_lookup(struct index *index, const struct modalias *key, struct arena *arena,
                 struct matches *matches);

/* Has MODULE an alias for VFIO drivers of KEY's bus? Returns 1, 0 or an error as index_open(). */
int index_module_has_alias(struct index *index, const struct modalias *key, const char *module);

/*
 * Is MODULE, in depmod's spelling, there to be loaded, or built in? With NAMED_BUILT_IN the index
 * of built-in aliases names it, which is believed where the tree has no list of built-in modules.
 * Returns 0 or an error as index_open().
 */
int index_find_module(struct index *index, const char *module, bool named_built_in,
                      enum index_presence *ret);

/*
 * Calls ON_MODULE for each loadable module that MODULE depends on, until it returns other than 0,
 * which is returned. Returns 0, or an error as index_open().
 */
int index_each_dependency(struct index *index, const char *module,
                          int (*on_module)(const char *module, void *userdata), void *userdata);

/* The name of a damaged file in whose place a text file answered, or NULL. */
const char *index_damaged_file(const struct index *index);

/*
 * Reads all that a lookup could come to: each VFIO alias of PCI and CDX, and the lists of modules.
 * Returns 0; 1 where a file of it is damaged, *ret is its name then; -ENOENT where there is no
 * index of aliases at all; or the errno of a read.
 */
int index_check(struct index *index, const char **ret);
