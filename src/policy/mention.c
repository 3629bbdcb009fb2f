/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Does modprobe.d say anything of a name at all? */
#include "mention.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "call.h"
#include "cleanup.h"
#include "fd.h"
#include "folder.h"
#include "text.h"

/* Distributions' files have a few KiB at most; of a longer one libkmod will be asked. */
#define FILE_SIZE_MAX ((size_t)16 * 1024)

#define N_SYSTEM_FOLDERS 5

const char *const mention_system_folders[N_SYSTEM_FOLDERS + 1] = {
        "/etc/modprobe.d",     "/run/modprobe.d", "/usr/local/lib/modprobe.d",
        "/usr/lib/modprobe.d", "/lib/modprobe.d", NULL,
};

/* The first word of the line of TEXT that has PLACE in it. */
static const char *first_word(const char *text, const char *place) {
        const char *word = place;

        while (word > text && word[-1] != '\n')
                word--;
        while (word < place && text_is_blank(*word))
                word++;
        return word;
}

/* Does the line of TEXT that has PLACE in it begin with `alias` or `blacklist`? */
static bool is_telling(const char *text, const char *place) {
        const char *word = first_word(text, place);
        size_t length = (size_t)(place - word);

        return text_begins_with_name(word, length, "alias") ||
               text_begins_with_name(word, length, "blacklist");
}

/* Is there no blank between the first word of a line and PLACE, so that it can go on behind it? */
static bool is_in_first_word(const char *text, const char *place) {
        const char *word = first_word(text, place);

        while (word < place && !text_is_blank(*word))
                word++;
        return word == place;
}

/*
 * May a line with a backslash begin with either of these words? libkmod goes on in the next line
 * where the backslash is the last letter, and drops it elsewhere, so that any word may be another
 * than it looks. `remove iwlwifi \` is none of these, and is on many hosts.
 */
static bool has_telling_backslash(const char *text, const char *end) {
        const char *place = text;

        for (; (place = memchr(place, '\\', (size_t)(end - place))); place++)
                if (is_telling(text, place) || is_in_first_word(text, place))
                        return true;
        return false;
}

/*
 * A file without NAME says nothing of it: nobody breaks a line within the four letters of "vfio",
 * and to look for that would cost each host as much again.
 */
static bool text_mentions(const char *text, size_t length, const char *name) {
        const char *end = text + length;
        const char *place = text_find_name(text, length, name);

        if (place && has_telling_backslash(text, end))
                return true;
        for (; place; place = text_find_name(place + 1, (size_t)(end - place - 1), name))
                if (is_telling(text, place))
                        return true;
        return false;
}

/* Is FILE, a name of LENGTH letters, "x" and the literal SUFFIX? */
#define HAS_SUFFIX(file, length, suffix)                                                           \
        ((length) >= sizeof(suffix) &&                                                             \
         text_is_same((file) + (length) + 1 - sizeof(suffix), suffix, sizeof(suffix) - 1))

/* Is FILE one that libkmod reads? */
static bool is_configuration(const char *file) {
        size_t length = text_length(file);

        return file[0] != '.' &&
               (HAS_SUFFIX(file, length, ".conf") || HAS_SUFFIX(file, length, ".alias"));
}

static int read_file(int dir_fd, const char *file, void *userdata) {
        const char *name = userdata;
        _uninitialized_ char text[FILE_SIZE_MAX];
        _cleanup_close_ int fd = -1;
        ssize_t n;

        if (!is_configuration(file))
                return 0;
        fd = fd_open_file(dir_fd, file);
        n = fd < 0 ? fd : fd_read_some(fd, text, sizeof(text), 0);
        if (n < 0) /* a link to nowhere or a folder: libkmod passes it over, too */
                return n == -ENOENT || n == -EISDIR ? 0 : (int)n;
        return n == sizeof(text) || text_mentions(text, (size_t)n, name);
}

/* On most hosts /lib is a link to /usr/lib, whose folder is in the list, too. */
static bool is_seen_elsewhere(const char *folder) {
        char link;

        return folder == mention_system_folders[N_SYSTEM_FOLDERS - 1] &&
               call_readlinkat(AT_FDCWD, "/lib", &link, sizeof(link)) > 0;
}

int mention_in_folders(const char *const *folders, const char *name) {
        for (; *folders; folders++) {
                _cleanup_close_ int fd = -1;
                int r;

                if (is_seen_elsewhere(*folders))
                        continue;
                fd = fd_open_folder(AT_FDCWD, *folders);
                if (fd == -ENOENT || fd == -ENOTDIR)
                        continue;
                r = fd < 0 ? fd : folder_read(fd, read_file, (char *)name);
                if (r != 0)
                        return r;
        }
        return 0;
}
