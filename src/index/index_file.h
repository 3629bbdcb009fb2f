/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One file of the index, and the text file that stands in where it is missing or damaged. */
#pragma once

#include <stdbool.h>

#include "modalias.h"
#include "text_index.h"
#include "trie.h"

struct source {
        const char *bin;
        const char *text;   /* NULL: it has no text form */
        const char *origin; /* depmod leaves BIN empty where this file is missing; NULL: never */
        enum {
                SOURCE_UNOPENED,
                SOURCE_TRIE,
                SOURCE_TEXT,
                SOURCE_NONE,
        } state;
        bool damaged;
        struct arena *arena; /* of what is read */
        struct trie trie;
};

/* Sets up a source, which is all zero: nothing of it is opened yet. */
void source_init(struct source *source, const char *bin, const char *text, const char *origin,
                 struct arena *arena);
void source_done(struct source *source);

/* Is there such an index at all? Returns 1, 0 or a negative errno. */
int source_is_there(struct source *source, int dir_fd);

/*
 * The questions of trie.h, asked of SOURCE in the directory DIR_FD; where there is no such index,
 * the choice is nothing. A lookup calls RESTART, if not NULL, where a damaged file has to be given
 * up for its text: all that was reported until then is worth nothing. -EBADMSG: damaged, and no
 * text to stand in; of a key that is but a begin, damaged: that may be no device's trouble, so
 * nothing is given up.
 */
int source_lookup(struct source *source, int dir_fd, const struct modalias *key,
                  trie_match_fn on_match, void (*restart)(void *userdata), void *userdata);
int source_has_module(struct source *source, int dir_fd, const char *module);

/*
 * Calls ON_MODULE for each module that MODULE of the list of loadable modules depends on, until it
 * returns other than 0, which is returned. Returns 0, or a negative errno as source_lookup().
 */
int source_each_dependency(struct source *source, int dir_fd, const char *module,
                           dependency_fn on_module, void *userdata);
