/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files of /proc that have one entry on each line. */
#include "proc_text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "fd.h"

DEFINE_CLEANUP(FILE *, fclose);

/* No file of /proc has a NUL. */
int proc_text_read(struct arena *arena, int dir_fd, const char *path, const char **ret) {
        int fd = fd_open_file(dir_fd, path), r;
        _cleanup_(fclosep) FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
        _cleanup_free_ char *text = NULL;
        size_t size = 0;
        ssize_t n;

        if (!file) {
                r = fd < 0 ? fd : -errno;
                fd_close(fd);
                return r;
        }
        n = getdelim(&text, &size, '\0', file);
        if (n < 0 && ferror(file))
                return -errno;
        *ret = arena_text(arena, n > 0 ? text : "");
        return *ret ? 0 : -ENOMEM;
}

int proc_text_each_line(const char *text, proc_line_fn on_line, void *userdata) {
        int r = 0;

        while (r == 0 && *text) {
                size_t length = strcspn(text, "\n");

                r = on_line(text, length, userdata);
                text += length + (text[length] == '\n');
        }
        return r;
}
