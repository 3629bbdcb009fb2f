/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads the text files of a module directory, line by line. */
#pragma once

#include <stddef.h>

/*
 * Called for each line, of LENGTH bytes without the newline. A non-zero return value stops reading.
 */
typedef int (*line_fn)(const char *line, size_t length, void *userdata);

/*
 * Calls ON_LINE for each line of the file NAME in the directory DIR_FD. Returns 0; the non-zero
 * value of ON_LINE; -ENOENT if there is no such file; -EBADMSG if its last line has no newline
 * (depmod and the kernel's build write one, so that the file is truncated) or a line is longer than
 * any that they write; or another negative errno.
 */
int lines_read(int dir_fd, const char *name, line_fn on_line, void *userdata);
