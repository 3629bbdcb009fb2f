/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The hwdb file of one tag. Only a file with exactly what is written here is ours. Any other file
 * of such a name is never changed.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "name.h"
#include "tag_key.h"
#include "tag_name.h"

#define TAG_DIRECTORY "/etc/udev/hwdb.d"

/* Space for the path of a file. */
#define TAG_PATH_SIZE (sizeof(TAG_DIRECTORY) + TAG_NAME_SIZE)

struct tag {
        char key[TAG_KEY_SIZE];
        bool force;
        char pin[NAME_SIZE]; /* "": none */
};

/* Do A and B, which have the same key, say the same? */
bool tag_is_same(const struct tag *a, const struct tag *b);

/* *ret: the path of the file for KEY. Returns 0, or -ENAMETOOLONG. */
int tag_file_path(const char *key, char ret[TAG_PATH_SIZE]);

/*
 * Opens TAG_DIRECTORY, creates it if it is missing, and waits until no other process has it locked;
 * ON_WAIT is called before it waits. Returns a file descriptor, whose closing ends the lock, or a
 * negative errno.
 */
int tag_directory_open(void (*on_wait)(void));

/*
 * Reads the tag KEY. Returns 1; 0 if there is none; -EEXIST if its file is not ours; -ELOOP if it
 * is a link; -EISDIR or -ESPIPE if it is no regular file; or another negative errno.
 */
int tag_file_read(int directory_fd, const char *key, struct tag *ret);

/* Calls ON_KEY for each file whose key begins with PREFIX, until it returns other than 0, which is
 * returned. Whether the file is ours is not checked. Returns 0 or a negative errno. */
int tag_file_each(int directory_fd, const char *prefix,
                  int (*on_key)(const char *key, void *userdata), void *userdata);

/* Writes the file of TAG, in the place of one that is there. Returns 0, or a negative errno with
 * nothing changed. */
int tag_file_write(int directory_fd, const struct tag *tag);

/* Removes the file of KEY. Returns as above. */
int tag_file_remove(int directory_fd, const char *key);
