/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tags that are made or removed together: their files, and the compiled hwdb. All, or none. */
#pragma once

#include <stddef.h>

#include "tag_file.h"

struct tag_changed; /* a file that was written or removed */

struct tag_change {
        int directory_fd;
        struct tag_changed *changed;
        size_t n;
        char subject[TAG_PATH_SIZE]; /* the file, directory or program that an error is about */
};

/*
 * Begins a change, which must be ended by tag_change_end(). ON_WAIT is called before it waits for
 * another process that changes tags. Returns 0 or a negative errno.
 */
int tag_change_begin(void (*on_wait)(void), struct tag_change *ret);

/*
 * Makes TAG, in the place of a tag with the same key. *ret_old: that one; its key is "" if there
 * was none. Returns 1; 0 if it was there already; -EINVAL if key or pin is invalid; or as
 * tag_file_read().
 */
int tag_change_set(struct tag_change *change, const struct tag *tag, struct tag *ret_old);

/* Removes all tags whose key begins with PREFIX, or with IS_WHOLE is PREFIX. ON_REMOVED is called
 * for each. Returns the number of them, or a negative errno. */
int tag_change_remove(struct tag_change *change, const char *prefix, bool is_whole,
                      void (*on_removed)(const struct tag *tag, void *userdata), void *userdata);

/*
 * Compiles the hwdb, also if no file changed: a process that was killed may have left it older than
 * its files. Returns 0; or a negative errno, with all as it was before: -ECANCELED if the compiler
 * failed, -ENOEXEC if there is none. Or -ENOTRECOVERABLE: it failed, and a file could not be
 * restored.
 */
int tag_change_commit(struct tag_change *change);

/* Restores all files, unless the change was committed. */
void tag_change_end(struct tag_change *change);

/* Reads the tag KEY, outside of any change. Returns as tag_file_read(). */
int tag_find(const char *key, struct tag *ret);
