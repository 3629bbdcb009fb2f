/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads the text files of a module directory, line by line. */
#include "line_reader.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "fd.h"

/* Longer than any line: the longest lines of modules.dep have about 2 KiB */
#define BUFFER_SIZE ((size_t)64 * 1024)

/* Calls ON_LINE for each complete line in the N bytes of BUFFER. *ret: the size of these lines. */
static int each_line(const char *buffer, size_t n, line_fn on_line, void *userdata, size_t *ret) {
        size_t done = 0;

        for (;;) {
                const char *line = buffer + done;
                const char *end = memchr(line, '\n', n - done);
                int r;

                if (!end)
                        break;
                r = on_line(line, (size_t)(end - line), userdata);
                if (r != 0)
                        return r;
                done += (size_t)(end - line) + 1;
        }
        *ret = done;
        return 0;
}

static int read_lines(int fd, char *buffer, line_fn on_line, void *userdata) {
        uint64_t offset = 0; /* of the first line that was not reported yet */

        for (;;) {
                ssize_t n = fd_read_some(fd, buffer, BUFFER_SIZE, offset);
                size_t done;
                int r;

                if (n <= 0)
                        return (int)n;
                r = each_line(buffer, (size_t)n, on_line, userdata, &done);
                if (r != 0)
                        return r;
                if (done == 0)
                        return -EBADMSG;
                offset += done;
        }
}

int lines_read(int dir_fd, const char *name, line_fn on_line, void *userdata) {
        _cleanup_free_ char *buffer = NULL;
        _cleanup_close_ int fd = -1;

        fd = fd_open_file(dir_fd, name);
        if (fd < 0)
                return fd;
        buffer = malloc(BUFFER_SIZE);
        if (!buffer)
                return -ENOMEM;
        return read_lines(fd, buffer, on_line, userdata);
}
