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

/* Files of distributions have a few KiB at most; a longer file is left to libkmod */
#define FILE_SIZE_MAX ((size_t)16 * 1024)

#define N_SYSTEM_DIRECTORIES 5

const char *const modprobe_system_directories[N_SYSTEM_DIRECTORIES + 1] = {
        "/etc/modprobe.d",     "/run/modprobe.d", "/usr/local/lib/modprobe.d",
        "/usr/lib/modprobe.d", "/lib/modprobe.d", NULL,
};

/* The first word of the line in TEXT that contains PLACE. */
static const char *first_word(const char *text, const char *place) {
        const char *word = place;

        while (word > text && word[-1] != '\n')
                word--;
        while (word < place && text_is_blank(*word))
                word++;
        return word;
}

/* Does the line in TEXT that contains PLACE begin with `alias`, `blacklist` or `install`? */
static bool is_relevant(const char *text, const char *place) {
        const char *word = first_word(text, place);
        size_t length = (size_t)(place - word);

        return text_begins_with_name(word, length, "alias") ||
               text_begins_with_name(word, length, "blacklist") ||
               text_begins_with_name(word, length, "install");
}

/*
 * Is there no space between the begin of the line and PLACE, so that the first word may continue?
 */
static bool is_in_first_word(const char *text, const char *place) {
        const char *word = first_word(text, place);

        while (word < place && !text_is_blank(*word))
                word++;
        return word == place;
}

/*
 * May a line with a backslash be an `alias`, `blacklist` or `install` line? libkmod continues in
 * the next line if the backslash is the last character, and drops it elsewhere, so that a word may
 * differ from its spelling. `remove iwlwifi \` is no such line, and exists on many hosts.
 */
static bool has_relevant_backslash(const char *text, const char *end) {
        const char *place = text;

        for (; (place = memchr(place, '\\', (size_t)(end - place))); place++)
                if (is_relevant(text, place) || is_in_first_word(text, place))
                        return true;
        return false;
}

/*
 * A file without NAME is not searched for a NAME that is split by a backslash: a line break within
 * "vfio" is unlikely, and the search would take as long again on each host.
 */
static bool text_mentions(const char *text, size_t length, const char *name) {
        const char *end = text + length;
        const char *place = text_find_name(text, length, name);

        if (place && has_relevant_backslash(text, end))
                return true;
        for (; place; place = text_find_name(place + 1, (size_t)(end - place - 1), name))
                if (is_relevant(text, place))
                        return true;
        return false;
}

/* A search of modprobe.d. */
struct search {
        const char *name;
        struct arena *arena;
        const struct modprobe_install **installs; /* NULL: not collected */
        char *text;                               /* of a file, FILE_SIZE_MAX bytes */
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

/* The length of the word at TEXT, which does not extend past END. */
static size_t word_length(const char *text, const char *end) {
        size_t n = 0;

        while (text + n < end && !text_is_blank(text[n]))
                n++;
        return n;
}

/* Adds the name of an `install` line. A backslash in its words is left to libkmod. */
static int scan_install(const struct search *search, const char *line, const char *end) {
        size_t length;

        while (line < end && text_is_blank(*line))
                line++;
        /* Most lines are comments, blacklists or options */
        if (line == end || (*line != 'i' && *line != '\\'))
                return 0;
        length = word_length(line, end);
        if (memchr(line, '\\', length))
                return add_install(search, "*", 1);
        if (!text_is(line, length, "install"))
                return 0;
        for (line += length; line < end && text_is_blank(*line);)
                line++;
        length = word_length(line, end);
        return memchr(line, '\\', length) ? add_install(search, "*", 1)
                                          : add_install(search, line, length);
}

static int collect_installs(const struct search *search, const char *text, size_t length) {
        const char *end = text + length;
        int r = 0;

        while (r == 0 && text < end) {
                const char *line_end = memchr(text, '\n', (size_t)(end - text));

                if (!line_end)
                        line_end = end;
                r = scan_install(search, text, line_end);
                text = line_end + 1;
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
        n = fd < 0 ? fd : fd_read_some(fd, search->text, FILE_SIZE_MAX, 0);
        if (n < 0) /* a dangling link or a directory: libkmod skips it as well */
                return n == -ENOENT || n == -EISDIR ? 0 : (int)n;
        if (n == FILE_SIZE_MAX || text_mentions(search->text, (size_t)n, search->name))
                return 1;
        return search->installs ? collect_installs(search, search->text, (size_t)n) : 0;
}

/* On most hosts /lib is a link to /usr/lib, which is in the list as well */
static bool is_seen_elsewhere(const char *directory) {
        char link;

        return directory == modprobe_system_directories[N_SYSTEM_DIRECTORIES - 1] &&
               readlinkat(AT_FDCWD, "/lib", &link, sizeof(link)) > 0;
}

int modprobe_scan_directories(const char *const *directories, const char *name, struct arena *arena,
                              const struct modprobe_install **installs) {
        struct search search = {.name = name,
                                .arena = arena,
                                .installs = installs,
                                .text = arena_take(arena, FILE_SIZE_MAX)};

        if (!search.text)
                return -ENOMEM;
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
