/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The hwdb file of a tag. A file with other content than is written here is never changed. */
#pragma once

#include <stdbool.h>

#include "name.h"
#include "tag_key.h"
#include "tag_name.h"

#define TAG_DIRECTORY "/etc/udev/hwdb.d"

/* The size of the path of a file. */
#define TAG_PATH_SIZE (sizeof(TAG_DIRECTORY) + TAG_NAME_SIZE)

struct tag {
        char key[TAG_KEY_SIZE];
        bool force;
        char pin[NAME_SIZE]; /* "": none */
};

/* Are A and B, which have the same key, equal? */
bool tag_is_same(const struct tag *a, const struct tag *b);

/* *ret: the path of the file for KEY. Returns 0, or -ENAMETOOLONG. */
int tag_file_path(const char *key, char ret[TAG_PATH_SIZE]);

/*
 * Opens TAG_DIRECTORY, creates it if it is missing, and locks it. ON_WAIT is called before it waits
 * for another process. Returns a file descriptor, which releases the lock when it is closed, or a
 * negative errno.
 */
int tag_directory_open(void (*on_wait)(void));

/*
 * *ret: the tag KEY. Returns 1; 0 if there is none; -EEXIST if its file has other content; -ELOOP
 * if it is a link; -EISDIR or -ESPIPE if it is not a regular file; or another negative errno. If
 * DIRECTORY_FD is below 0, there is no directory, and so no tag.
 */
int tag_file_read(int directory_fd, const char *key, struct tag *ret);

/*
 * Calls ON_KEY for each file whose key begins with PREFIX. The content is not checked. Returns 0,
 * the first non-zero value of ON_KEY, or a negative errno.
 */
int tag_file_each(int directory_fd, const char *prefix,
                  int (*on_key)(const char *key, void *userdata), void *userdata);

/*
 * Writes the file of TAG, replacing an existing one. Returns 0, or a negative errno with nothing
 * changed.
 */
int tag_file_write(int directory_fd, const struct tag *tag);

/* Removes the file of KEY. Returns as tag_file_write(). */
int tag_file_remove(int directory_fd, const char *key);
