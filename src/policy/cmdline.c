/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kernel command line. */
#include "cmdline.h"

#include <errno.h>
#include <fcntl.h>

#include "cleanup.h"
#include "fd.h"
#include "text.h"

#define MODULE_BLACKLIST "module_blacklist="

int cmdline_read(struct cmdline *ret) {
        _cleanup_close_ int fd = -1;
        ssize_t n = 0;

        fd = fd_open_file(AT_FDCWD, "/proc/cmdline");
        if (fd >= 0)
                n = fd_read_some(fd, ret->text, sizeof(ret->text) - 1, 0);
        else if (fd != -ENOENT)
                n = fd;
        if (n < 0)
                return (int)n;
        ret->text[n] = '\0';
        ret->length = (size_t)n;
        /* On most hosts this is all that is ever looked at */
        ret->blacklists = text_find_name(ret->text, ret->length, "blacklist=");
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

bool cmdline_refuses_module(const struct cmdline *cmdline, const char *module) {
        bool refused = false;

        if (!cmdline->blacklists)
                return false;
        for (const char *word = cmdline->text; *word; word += *word != '\0') {
                if (text_starts_with(word, MODULE_BLACKLIST)) {
                        const char *list = word + sizeof(MODULE_BLACKLIST) - 1;

                        refused = list_has(list + (*list == '"'), module);
                }
                while (!ends_word(*word))
                        word++;
        }
        return refused;
}

bool cmdline_mentions(const struct cmdline *cmdline, const char *name) {
        return cmdline->blacklists &&
               text_find_name(cmdline->text, cmdline->length, "modprobe.blacklist=") &&
               text_find_name(cmdline->text, cmdline->length, name);
}

/* "NAME=a,off,b". */
static bool is_off(const char *word, const char *name) {
        return text_starts_with(word, name) && list_has(word + text_length(name), "off");
}

bool cmdline_switches_iommu_off(const struct cmdline *cmdline, char ret[CMDLINE_WORD_SIZE]) {
        static const char *const names[] = {"intel_iommu=", "amd_iommu=", "iommu="};
        const char *found = NULL;

        for (const char *word = cmdline->text; *word; word += *word != '\0') {
                for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
                        if (is_off(word, names[i]))
                                found = names[i];
                if (found == names[0] && text_starts_with(word, found) && !is_off(word, found))
                        found = NULL;
                while (!ends_word(*word))
                        word++;
        }
        return found && text_join(ret, CMDLINE_WORD_SIZE, found, "off");
}
