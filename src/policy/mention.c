/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Does modprobe.d say anything of a name at all? */
#include "mention.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "fd.h"
#include "folder.h"
#include "text.h"

/* Distributions' files have a few KiB at most; of a longer one libkmod will be asked. */
#define FILE_SIZE_MAX (16 * 1024)

#define N_SYSTEM_FOLDERS 5

const char *const mention_system_folders[N_SYSTEM_FOLDERS + 1] = {
        "/etc/modprobe.d",     "/run/modprobe.d", "/usr/local/lib/modprobe.d",
        "/usr/lib/modprobe.d", "/lib/modprobe.d", NULL,
};

/* Does the line of TEXT that has PLACE in it begin with `alias` or `blacklist`? */
static bool is_telling_line(const char *text, const char *place) {
        const char *line = place;

        while (line > text && line[-1] != '\n')
                line--;
        while (line < place && text_is_blank(*line))
                line++;
        return text_begins_with_name(line, (size_t) (place - line), "alias") ||
               text_begins_with_name(line, (size_t) (place - line), "blacklist");
}

static bool has_continued_line(const char *text, size_t length) {
        const char *end = text + length;

        while ((text = memchr(text, '\\', (size_t) (end - text))))
                if (++text < end && *text == '\n')
                        return true;
        return false;
}

static bool text_mentions(const char *text, size_t length, const char *name) {
        const char *end = text + length;
        const char *place = text;

        if (has_continued_line(text, length))
                return true;
        for (; (place = text_find_name(place, (size_t) (end - place), name)); place++)
                if (is_telling_line(text, place))
                        return true;
        return false;
}

/* Is FILE one that libkmod reads: "x.conf", "x.alias", and not hidden? */
static bool is_configuration(const char *file) {
        size_t n = text_length(file);

        if (file[0] == '.' || n < sizeof(".alias"))
                return n == sizeof(".conf") && file[0] != '.' && text_equal(file + 1, ".conf");
        return text_equal(file + n - 5, ".conf") || text_equal(file + n - 6, ".alias");
}

static int read_file(int dir_fd, const char *file, void *userdata) {
        const char *name = userdata;
        _uninitialized_ char text[FILE_SIZE_MAX];
        _cleanup_close_ int fd = -1;
        ssize_t n;

        if (!is_configuration(file))
                return 0;
        fd = fd_open_file(dir_fd, file);
        n = fd < 0 ? fd : fd_read_up_to(fd, text, sizeof(text), 0);
        if (n < 0) /* a link to nowhere or a folder: libkmod passes it over, too */
                return n == -ENOENT || n == -EISDIR ? 0 : (int) n;
        return n == sizeof(text) || text_mentions(text, (size_t) n, name);
}

/* On most hosts /lib is a link to /usr/lib, whose folder is in the list, too. */
static bool is_seen_elsewhere(const char *folder) {
        char link;

        return folder == mention_system_folders[N_SYSTEM_FOLDERS - 1] &&
               readlinkat(AT_FDCWD, "/lib", &link, sizeof(link)) > 0;
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
                r = fd < 0 ? fd : folder_read(fd, read_file, (char *) name);
                if (r != 0)
                        return r;
        }
        return 0;
}
