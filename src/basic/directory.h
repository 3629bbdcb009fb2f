/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names in a directory. */
#pragma once

#include <stdbool.h>

/* Called for each name except "." and "..". A non-zero return value stops the iteration. */
typedef int (*directory_fn)(int dir_fd, const char *name, void *userdata);

/*
 * Calls ON_NAME for each name in the directory DIR_FD, in no order. Returns 0, the non-zero value
 * of ON_NAME, or a negative errno.
 */
int directory_read(int dir_fd, directory_fn on_name, void *userdata);

/* The same for the directory PATH, relative to DIR_FD. */
int directory_read_at(int dir_fd, const char *path, directory_fn on_name, void *userdata);

/* As directory_read(), but ON_ENTRY is also told whether the name may be that of a directory. */
typedef int (*directory_entry_fn)(int dir_fd, const char *name, bool may_be_directory,
                                  void *userdata);
int directory_read_entries(int dir_fd, directory_entry_fn on_entry, void *userdata);

/* As directory_read_at(), in the order of the bytes of the names. */
int directory_read_sorted(int dir_fd, const char *path, directory_fn on_name, void *userdata);
