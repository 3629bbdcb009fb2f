/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The text files of a module tree, line by line. */
#include "lines.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "cleanup.h"
#include "fd.h"

/* Longer than any line: those of modules.dep that list the most modules have some 2 KiB. */
#define BUFFER_SIZE (64 * 1024)

/* Calls ON_LINE for each whole line in the N bytes of BUFFER; *ret: how many bytes those had. */
static int each_line(const char *buffer, size_t n, line_fn on_line, void *userdata, size_t *ret) {
        size_t done = 0;

        for (;;) {
                const char *line = buffer + done;
                const char *end = memchr(line, '\n', n - done);
                int r;

                if (!end)
                        break;
                r = on_line(line, (size_t) (end - line), userdata);
                if (r != 0)
                        return r;
                done += (size_t) (end - line) + 1;
        }
        *ret = done;
        return 0;
}

int lines_read(int dir_fd, const char *name, line_fn on_line, void *userdata) {
        _cleanup_free_ char *buffer = NULL;
        _cleanup_close_ int fd = -1;
        size_t kept = 0;

        fd = fd_open_file(dir_fd, name, NULL);
        if (fd < 0)
                return fd;
        buffer = malloc(BUFFER_SIZE);
        if (!buffer)
                return -ENOMEM;
        for (;;) {
                ssize_t n = fd_read_all(fd, buffer + kept, BUFFER_SIZE - kept);
                size_t done;
                int r;

                if (n < 0)
                        return (int) n;
                if (n == 0)
                        return kept > 0 ? -EBADMSG : 0;
                kept += (size_t) n;
                r = each_line(buffer, kept, on_line, userdata, &done);
                if (r != 0)
                        return r;
                memmove(buffer, buffer + done, kept - done);
                kept -= done;
        }
}

static bool is_blank(char c) {
        return c == ' ' || c == '\t';
}

size_t line_next_word(const char **line, size_t *length, const char **ret) {
        size_t begin = 0, end;

        while (begin < *length && is_blank((*line)[begin]))
                begin++;
        for (end = begin; end < *length && !is_blank((*line)[end]);)
                end++;
        *ret = *line + begin;
        *line += end;
        *length -= end;
        return end - begin;
}
