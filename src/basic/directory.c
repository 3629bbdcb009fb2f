/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Names in a directory, read with getdents64(2): readdir(3) allocates 32 KiB for each directory,
 * which is much for a process as short as the helper.
 */
#include "directory.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/types.h>

#include "cleanup.h"
#include "text.h"

/* About fifty names, more than most directories that are read have */
#define BUFFER_SIZE 2048

/* Of most file systems, /sys among them, the entry says what it is. */
static bool is_maybe_directory(const struct dirent64 *entry) {
        return entry->d_type == DT_DIR || entry->d_type == DT_UNKNOWN;
}

static int each_entry(int dir_fd, const char *buffer, size_t n, directory_entry_fn on_entry,
                      void *userdata) {
        size_t done = 0;

        while (done < n) {
                const struct dirent64 *entry = (const void *)(buffer + done);
                int r = 0;

                if (!streq(entry->d_name, ".") && !streq(entry->d_name, ".."))
                        r = on_entry(dir_fd, entry->d_name, is_maybe_directory(entry), userdata);
                if (r != 0)
                        return r;
                done += entry->d_reclen;
        }
        return 0;
}

int directory_read_entries(int dir_fd, directory_entry_fn on_entry, void *userdata) {
        _uninitialized_ _Alignas(struct dirent64) char buffer[BUFFER_SIZE];

        for (;;) {
                ssize_t n = getdents64(dir_fd, buffer, sizeof(buffer));
                int r;

                if (n <= 0)
                        return n < 0 ? -errno : 0;
                r = each_entry(dir_fd, buffer, (size_t)n, on_entry, userdata);
                if (r != 0)
                        return r;
        }
}

struct name_reader {
        directory_fn on_name;
        void *userdata;
};

static int pass_name(int dir_fd, const char *name, bool may_be_directory, void *userdata) {
        const struct name_reader *reader = userdata;

        (void)may_be_directory;
        return reader->on_name(dir_fd, name, reader->userdata);
}

int directory_read(int dir_fd, directory_fn on_name, void *userdata) {
        return directory_read_entries(dir_fd, pass_name, &(struct name_reader){on_name, userdata});
}

int directory_read_at(int dir_fd, const char *path, directory_fn on_name, void *userdata) {
        _cleanup_close_ int fd = fd_open_directory(dir_fd, path);

        return fd < 0 ? fd : directory_read(fd, on_name, userdata);
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
