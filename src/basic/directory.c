/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Names in a directory, read with getdents64(2): readdir(3) allocates 32 KiB for each directory,
 * which is much for a process as short as the helper.
 */
#include "directory.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/types.h>

#include "cleanup.h"
#include "text.h"

/* About fifty names, more than most directories that are read have */
#define BUFFER_SIZE 2048

/* Of most file systems, /sys among them, the entry says what it is. */
static bool may_be_directory(const struct dirent64 *entry) {
        return entry->d_type == DT_DIR || entry->d_type == DT_UNKNOWN;
}

static int each_name(int dir_fd, const char *buffer, size_t n, bool only_directories,
                     directory_fn on_name, void *userdata) {
        size_t done = 0;

        while (done < n) {
                const struct dirent64 *entry = (const void *)(buffer + done);
                int r = 0;

                if (!streq(entry->d_name, ".") && !streq(entry->d_name, "..") &&
                    (!only_directories || may_be_directory(entry)))
                        r = on_name(dir_fd, entry->d_name, userdata);
                if (r != 0)
                        return r;
                done += entry->d_reclen;
        }
        return 0;
}

static int read_names(int dir_fd, bool only_directories, directory_fn on_name, void *userdata) {
        _uninitialized_ _Alignas(struct dirent64) char buffer[BUFFER_SIZE];

        for (;;) {
                ssize_t n = getdents64(dir_fd, buffer, sizeof(buffer));
                int r;

                if (n <= 0)
                        return n < 0 ? -errno : 0;
                r = each_name(dir_fd, buffer, (size_t)n, only_directories, on_name, userdata);
                if (r != 0)
                        return r;
        }
}

int directory_read(int dir_fd, directory_fn on_name, void *userdata) {
        return read_names(dir_fd, false, on_name, userdata);
}

int directory_read_at(int dir_fd, const char *path, directory_fn on_name, void *userdata) {
        _cleanup_close_ int fd = fd_open_directory(dir_fd, path);

        return fd < 0 ? fd : directory_read(fd, on_name, userdata);
}

int directory_read_subdirectories(int dir_fd, directory_fn on_name, void *userdata) {
        return read_names(dir_fd, true, on_name, userdata);
}

static int is_visible(const struct dirent *entry) {
        return !streq(entry->d_name, ".") && !streq(entry->d_name, "..");
}

/* Not alphasort(3), whose order is that of the locale. */
static int compare_names(const struct dirent **a, const struct dirent **b) {
        return strcmp((*a)->d_name, (*b)->d_name);
}

int directory_read_sorted(int dir_fd, const char *path, directory_fn on_name, void *userdata) {
        struct dirent **entries = NULL;
        int n = scandirat(dir_fd, path, &entries, is_visible, compare_names), r = 0;

        if (n < 0)
                return -errno;
        for (int i = 0; i < n; i++) {
                if (r == 0)
                        r = on_name(dir_fd, entries[i]->d_name, userdata);
                free(entries[i]);
        }
        free(entries);
        return r;
}
