/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kernel command line. */
#include "cmdline.h"

#include <errno.h>
#include <fcntl.h>

#include "cleanup.h"
#include "fd.h"
#include "text.h"

#define MODULE_BLACKLIST "module_blacklist="

int cmdline_read(char ret[CMDLINE_SIZE]) {
        _cleanup_close_ int fd = -1;
        ssize_t n;

        fd = fd_open_file(AT_FDCWD, "/proc/cmdline", NULL);
        if (fd == -ENOENT) {
                ret[0] = '\0';
                return 0;
        }
        if (fd < 0)
                return fd;
        n = fd_read_up_to(fd, ret, CMDLINE_SIZE - 1, 0);
        if (n < 0)
                return (int) n;
        ret[n] = '\0';
        return 0;
}

static bool ends_word(char c) {
        return c == '\0' || c == ' ' || c == '\n' || c == '\t' || c == '"';
}

/* Is MODULE one of the names in the comma-separated LIST, which ends with its word? */
static bool list_has(const char *list, const char *module) {
        while (!ends_word(*list)) {
                size_t n = 0;

                while (list[n] != ',' && !ends_word(list[n]))
                        n++;
                if (text_is(list, n, module))
                        return true;
                list += n + (list[n] == ',');
        }
        return false;
}

bool cmdline_refuses_module(const char *cmdline, const char *module) {
        bool refused = false;

        for (const char *word = cmdline; *word; word++) {
                if (text_starts_with(word, MODULE_BLACKLIST)) {
                        const char *list = word + sizeof(MODULE_BLACKLIST) - 1;

                        refused = list_has(list + (*list == '"'), module);
                }
                while (!ends_word(*word))
                        word++;
                if (!*word)
                        break;
        }
        return refused;
}
