/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A change of tags: their files and the compiled hwdb, all or none. */
#pragma once

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

#include "tag_file.h"

struct tag_changed; /* a file that was written or removed */

struct tag_change {
        int directory_fd;
        bool is_dry_run; /* nothing is written */
        struct tag_changed *changed;
        size_t n;
        sigset_t signals;            /* that were blocked before */
        char subject[TAG_PATH_SIZE]; /* the file, directory or program that an error is about */
};

/*
 * Begins a change, which the caller ends with tag_change_end(). ON_WAIT is called before it waits
 * for another process that changes tags. Signals that would end this one are then blocked until the
 * end, but not in the compiler, which fails: all is restored, and the process ends. With DRY_RUN
 * the following functions return the same, but write nothing. Returns 0 or a negative errno.
 */
int tag_change_begin(bool dry_run, void (*on_wait)(void), struct tag_change *ret);

/*
 * Writes TAG, replacing a tag with the same key. *ret_old: the replaced tag; its key is "" if there
 * was none. Returns 1; 0 if TAG exists already; -EINVAL if key or pin is invalid; or an error as
 * tag_file_read().
 */
int tag_change_set(struct tag_change *change, const struct tag *tag, struct tag *ret_old);

/*
 * Removes all tags whose key begins with PREFIX, or if IS_WHOLE is true, is PREFIX. ON_REMOVED is
 * called for each. Returns their number, or a negative errno.
 */
int tag_change_remove(struct tag_change *change, const char *prefix, bool is_whole,
                      void (*on_removed)(const struct tag *tag, void *userdata), void *userdata);

/*
 * Compiles the hwdb, also if no file changed: a process that was killed may have left it older than
 * its files. Returns 0; or a negative errno, with all files restored: -ECANCELED if the compiler
 * failed, -ENOEXEC if there is none; or -ENOTRECOVERABLE if a file could not be restored.
 */
int tag_change_commit(struct tag_change *change);

/* Restores all files, unless the change was committed. */
void tag_change_end(struct tag_change *change);
