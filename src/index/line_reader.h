/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The text files of a module tree, line by line. */
#pragma once

#include <stddef.h>

/* Called for each line, LENGTH bytes without the newline. What is not 0 ends the reading. */
typedef int (*line_fn)(const char *line, size_t length, void *userdata);

/*
 * Calls ON_LINE for each line of the file NAME in the directory DIR_FD. Returns 0 at the end, what
 * ON_LINE returned, or: -ENOENT where there is no such file; -EBADMSG where its last line has no
 * newline (depmod and the kernel's build write one: the file was cut) or a line is longer than any
 * of theirs; another negative errno.
 */
int lines_read(int dir_fd, const char *name, line_fn on_line, void *userdata);

/*
 * Takes the next word off the LENGTH bytes at LINE, which are moved behind it. Returns the word's
 * length, 0 where there is none, and its begin in *ret.
 */
size_t line_next_word(const char **line, size_t *length, const char **ret);
