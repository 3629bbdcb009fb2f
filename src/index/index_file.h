/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file of the index, and the text file that is read if it is missing or damaged. */
#pragma once

#include <stdbool.h>

#include "modalias.h"
#include "text_index.h"
#include "trie.h"

struct index_file {
        const char *bin;
        const char *text;   /* NULL: there is no such file */
        const char *origin; /* if this file is missing depmod leaves BIN empty; NULL: never */
        enum {
                INDEX_FILE_UNOPENED,
                INDEX_FILE_TRIE,
                INDEX_FILE_TEXT,
                INDEX_FILE_NONE,
        } state;
        bool damaged;
        struct arena *arena; /* for pages of the file */
        struct trie trie;
};

/* Sets up FILE, which is zero. The file is opened when it is first used. */
void index_file_init(struct index_file *file, const char *bin, const char *text, const char *origin,
                     struct arena *arena);
void index_file_done(struct index_file *file);

/* Does the file, or its text file, exist? Returns 1, 0 or a negative errno. */
int index_file_exists(struct index_file *file, int dir_fd);

/*
 * As the functions of trie.h, for FILE in the directory DIR_FD. A file that does not exist is taken
 * as empty. If a file turns out to be damaged during a lookup, its text file is read instead;
 * RESTART (may be NULL) is called before, and all matches so far are invalid. -EBADMSG: damaged,
 * and there is no text file. If KEY is a prefix, a damaged file fails with -EBADMSG and is not
 * replaced: the damage may be in a part that no lookup of a device needs.
 */
int index_file_lookup(struct index_file *file, int dir_fd, const struct modalias *key,
                      trie_match_fn on_match, void (*restart)(void *userdata), void *userdata);
int index_file_find_module(struct index_file *file, int dir_fd, const char *module, char *ret,
                           size_t size);
