/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files of /proc that have one entry on each line. */
#pragma once

#include <stddef.h>

#include "arena.h"

/* *ret: the text of the file PATH, relative to DIR_FD, in ARENA. Returns 0 or a negative errno. */
int proc_text_read(struct arena *arena, int dir_fd, const char *path, const char **ret);

/* LINE has LENGTH bytes, and a newline or NUL after them. A non-zero return value stops the
 * iteration. */
typedef int (*proc_line_fn)(const char *line, size_t length, void *userdata);

/* Calls ON_LINE for each line of TEXT. Returns 0, or the non-zero value of ON_LINE. */
int proc_text_each_line(const char *text, proc_line_fn on_line, void *userdata);
