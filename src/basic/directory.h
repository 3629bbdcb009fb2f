/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The names in a directory. */
#pragma once

/* Called for each name but "." and "..". What is not 0 ends the reading. */
typedef int (*directory_fn)(int dir_fd, const char *name, void *userdata);

/* Calls ON_NAME for each name in the directory DIR_FD, in no order. Returns 0, ON_NAME's, or
 * -errno.
 */
int directory_read(int dir_fd, directory_fn on_name, void *userdata);
