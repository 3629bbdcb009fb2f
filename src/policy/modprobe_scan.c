/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Does modprobe.d mention a name? */
#include "modprobe_scan.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "directory.h"
#include "fd.h"
#include "text.h"

#define N_SYSTEM_DIRECTORIES 5

const char *const modprobe_system_directories[N_SYSTEM_DIRECTORIES + 1] = {
        "/etc/modprobe.d",     "/run/modprobe.d", "/usr/local/lib/modprobe.d",
        "/usr/lib/modprobe.d", "/lib/modprobe.d", NULL,
};

/* A search of modprobe.d. */
struct search {
        const char *name;
        char *text; /* of a file, MODPROBE_FILE_SIZE_MAX bytes */
        struct arena *arena;
        const struct modprobe_install **installs; /* NULL: not collected */
};

static int add_install(const struct search *search, const char *name, size_t length) {
        struct modprobe_install *install = arena_take(search->arena, sizeof(*install) + length + 1);
        char *copy = (char *)(install + 1);

        if (!install)
                return -ENOMEM;
        memcpy(copy, name, length);
        copy[length] = '\0';
        *install = (struct modprobe_install){.next = *search->installs, .name = copy};
        *search->installs = install;
        return 0;
}

static bool is_relevant(const char *command, size_t length) {
        return text_begins_with_name(command, length, "alias") ||
               text_begins_with_name(command, length, "blacklist") ||
               text_begins_with_name(command, length, "install");
}

/*
 * May the line be an `alias`, `blacklist` or `install` line with the name? libkmod continues in the
 * next line if a backslash is the last character, and drops it elsewhere, so that a word may differ
 * from its spelling. `remove iwlwifi \` is no such line, and exists on many hosts. Returns 1, or 0
 * and adds the name of an `install` line, or -ENOMEM. IS_NAMED: the file contains the name.
 */
static int scan_line(const struct search *search, const char *line, size_t length, bool is_named) {
        const char *rest = line, *command, *name;
        size_t left = length, n = text_next_word(&rest, &left, &command);
        bool is_split = memchr(command, '\\', n);

        if (is_named && (is_split || is_relevant(command, n)) &&
            (memchr(line, '\\', length) || text_find_name(line, length, search->name)))
                return 1;
        if (!search->installs || !(is_split || text_is(command, n, "install")))
                return 0;
        n = text_next_word(&rest, &left, &name);
        return is_split || memchr(name, '\\', n) ? add_install(search, "*", 1)
                                                 : add_install(search, name, n);
}

/*
 * A file without the name is not searched for a name that is split by a backslash: a line break
 * within "vfio" is unlikely.
 */
static int scan_text(const struct search *search, const char *text, size_t length) {
        const char *end = text + length, *line_end;
        bool is_named = text_find_name(text, length, search->name);
        int r = 0;

        for (; r == 0 && text < end; text = line_end + 1) {
                line_end = memchr(text, '\n', (size_t)(end - text));
                if (!line_end)
                        line_end = end;
                r = scan_line(search, text, (size_t)(line_end - text), is_named);
        }
        return r;
}

bool modprobe_is_configuration(const char *file) {
        return file[0] != '.' &&
               (text_has_suffix(file, ".conf") || text_has_suffix(file, ".alias"));
}

static int read_file(int dir_fd, const char *file, void *userdata) {
        const struct search *search = userdata;
        _cleanup_close_ int fd = -1;
        ssize_t n;

        if (!modprobe_is_configuration(file))
                return 0;
        fd = fd_open_file(dir_fd, file);
        n = fd < 0 ? fd : fd_read_some(fd, search->text, MODPROBE_FILE_SIZE_MAX, 0);
        if (n < 0) /* a dangling link or a directory: libkmod skips it as well */
                return n == -ENOENT || n == -EISDIR ? 0 : (int)n;
        return n == MODPROBE_FILE_SIZE_MAX ? 1 : scan_text(search, search->text, (size_t)n);
}

/* On most hosts /lib is a link to /usr/lib, which is in the list as well */
static bool is_seen_elsewhere(const char *directory) {
        char link;

        return directory == modprobe_system_directories[N_SYSTEM_DIRECTORIES - 1] &&
               readlinkat(AT_FDCWD, "/lib", &link, sizeof(link)) > 0;
}

int modprobe_scan_directories(const char *const *directories, const char *name,
                              char buffer[MODPROBE_FILE_SIZE_MAX], struct arena *arena,
                              const struct modprobe_install **installs) {
        struct search search = {.name = name, .text = buffer, .arena = arena, .installs = installs};

        for (; *directories; directories++) {
                _cleanup_close_ int fd = -1;
                int r;

                if (is_seen_elsewhere(*directories))
                        continue;
                fd = fd_open_directory(AT_FDCWD, *directories);
                if (fd == -ENOENT || fd == -ENOTDIR)
                        continue;
                r = fd < 0 ? fd : directory_read(fd, read_file, &search);
                if (r != 0)
                        return r;
        }
        return 0;
}
