/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The hwdb file that holds our tags: locked, and replaced whole or not at all. */
#pragma once

#include <stdbool.h>

#include "arena.h"
#include "tag_text.h"

/*
 * Behind it sorts all that begins with 61 or more, where files of an administrator are: of two
 * records the one in the later file wins. What is shipped at 60 tags nothing.
 */
#define TAG_FOLDER "/etc/udev/hwdb.d"
#define TAG_NAME   "60-vfio-variant-tag.hwdb"

struct tag_file {
        int folder_fd;
        bool had_old;  /* there was a file */
        bool replaced; /* and it, or none, can be put back */
        unsigned mode; /* of the file */
};

/*
 * Opens the folder, which is made where it is missing, and waits until no other process has it;
 * ON_WAIT is called before it waits. Returns 0 and a file to be closed with tag_file_close(), which
 * ends the lock; or a negative errno.
 */
int tag_file_open(void (*on_wait)(void *userdata), void *userdata, struct tag_file *ret);

/*
 * *ret: what is in the file, in ARENA; of one that isn't there nothing. Returns 0; -ELOOP where it
 * is a link, -EISDIR or -ESPIPE where it is no file at all; -EFBIG where it is far longer than any
 * of ours; or another negative errno.
 */
int tag_file_read(struct tag_file *file, struct arena *arena, struct tag_text *ret);

/* Puts TEXT in the place of what tag_file_read() found; an empty one removes the file. Returns 0,
 * or a negative errno and nothing is changed. */
int tag_file_replace(struct tag_file *file, const struct tag_text *text);

/* Undoes tag_file_replace(), which needs no space on the disk. Returns 0 or a negative errno. */
int tag_file_put_back(struct tag_file *file);

/* From here on it can't be undone. */
void tag_file_close(struct tag_file *file);
