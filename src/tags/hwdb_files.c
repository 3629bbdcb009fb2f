/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The source files of the hardware database, and the compiled one. */
#include "hwdb_files.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "cleanup.h"
#include "directory.h"
#include "fd.h"
#include "text.h"

/*
 * hwdb(7); on a merged /usr the last two are the same. A file hides those of its name in
 * directories below.
 */
static const char *const directories[] = {"/etc/udev/hwdb.d", "/run/udev/hwdb.d",
                                          "/usr/local/lib/udev/hwdb.d", "/usr/lib/udev/hwdb.d",
                                          "/lib/udev/hwdb.d"};

/* Of these, the ones that packages do not write to. */
enum { N_DIRECTORIES = sizeof(directories) / sizeof(directories[0]), N_OF_ADMINISTRATOR = 3 };

/* In systemd's order, src/libsystemd/sd-hwdb/sd-hwdb.c: the first that exists is read. */
static const char *const compiled[] = {
        "/etc/systemd/hwdb/hwdb.bin", "/etc/udev/hwdb.bin",     "/usr/lib/systemd/hwdb/hwdb.bin",
        "/lib/systemd/hwdb/hwdb.bin", "/usr/lib/udev/hwdb.bin", "/lib/udev/hwdb.bin"};

/* The first of them below /usr, and the first that `systemd-hwdb --usr update` can write. */
enum { N_COMPILED = sizeof(compiled) / sizeof(compiled[0]), COMPILED_USR = 2, COMPILED_UDEV = 4 };

struct walk {
        hwdb_file_fn on_file;
        void *userdata;
        size_t directory; /* the one that is being read */
};

/* Is there a file NAME in a directory above the one that is being read? */
static bool is_hidden(const struct walk *walk, const char *name) {
        for (size_t i = 0; i < walk->directory; i++) {
                _cleanup_close_ int directory_fd = fd_open_directory(AT_FDCWD, directories[i]);
                _cleanup_close_ int fd = -1;

                if (directory_fd >= 0)
                        fd = fd_open_file(directory_fd, name);
                if (fd >= 0)
                        return true;
        }
        return false;
}

static int visit_file(int directory_fd, const char *name, void *userdata) {
        const struct walk *walk = userdata;

        if (name[0] == '.' || !text_has_suffix(name, ".hwdb") || is_hidden(walk, name))
                return 0;
        return walk->on_file(directory_fd, directories[walk->directory], name, walk->userdata);
}

int hwdb_each_file(hwdb_file_fn on_file, void *userdata) {
        struct walk walk = {.on_file = on_file, .userdata = userdata};
        int r = 0;

        for (; r == 0 && walk.directory < N_DIRECTORIES; walk.directory++) {
                _cleanup_close_ int fd = fd_open_directory(AT_FDCWD, directories[walk.directory]);

                if (fd >= 0)
                        r = directory_read(fd, visit_file, &walk);
        }
        return r;
}

/* The newest file so far. */
struct newest {
        struct timespec written;
        char *path;
        size_t size;
        bool is_file;
};

static bool is_before(const struct timespec *a, const struct timespec *b) {
        return a->tv_sec != b->tv_sec ? a->tv_sec < b->tv_sec : a->tv_nsec < b->tv_nsec;
}

static int keep_newest(int directory_fd, const char *directory, const char *name, void *userdata) {
        struct newest *newest = userdata;
        struct stat status;

        if (fstatat(directory_fd, name, &status, 0) < 0 ||
            !is_before(&newest->written, &status.st_mtim))
                return 0;
        newest->written = status.st_mtim;
        newest->is_file = true;
        (void)snprintf(newest->path, newest->size, "%s/%s", directory, name);
        return 0;
}

bool hwdb_find_file(const char *name, char *ret, size_t size) {
        for (size_t i = 0; i < N_DIRECTORIES; i++)
                if (snprintf(ret, size, "%s/%s", directories[i], name) < (int)size &&
                    access(ret, F_OK) == 0)
                        return true;
        return false;
}

static bool is_written_after(int directory_fd, const char *name, const struct timespec *time) {
        struct stat status;

        return fstatat(directory_fd, name, &status, 0) == 0 && is_before(time, &status.st_mtim);
}

static int compare_time(int directory_fd, const char *name, void *userdata) {
        return text_has_suffix(name, ".hwdb") && is_written_after(directory_fd, name, userdata);
}

bool hwdb_is_changed_after(const struct timespec *time) {
        struct timespec copy = *time;
        bool is_changed = false;

        for (size_t i = 0; !is_changed && i < N_OF_ADMINISTRATOR; i++) {
                _cleanup_close_ int fd = fd_open_directory(AT_FDCWD, directories[i]);

                if (fd >= 0)
                        is_changed = is_written_after(fd, ".", time) ||
                                     directory_read(fd, compare_time, &copy) > 0;
        }
        return is_changed;
}

/* *ret: the status of the first compiled database from FIRST on that exists. Returns its index, or
 * N_COMPILED. */
static size_t find_compiled(size_t first, struct stat *ret) {
        size_t i = first;

        while (i < N_COMPILED && stat(compiled[i], ret) < 0)
                i++;
        return i;
}

static bool is_read_only(const char *path) {
        struct statvfs system;

        return statvfs(path, &system) == 0 && (system.f_flag & ST_RDONLY);
}

bool hwdb_is_of_usr(void) {
        struct stat status;
        size_t i = find_compiled(0, &status);

        return i >= COMPILED_UDEV && i < N_COMPILED && !is_read_only(compiled[i]);
}

int hwdb_find_hidden(struct hwdb_hidden *ret) {
        struct stat status, hidden;
        size_t i = find_compiled(0, &status);
        size_t k = find_compiled(COMPILED_USR, &hidden);

        if (i >= COMPILED_USR || k == N_COMPILED)
                return 0;
        *ret = (struct hwdb_hidden){
                .in_effect = compiled[i],
                .hidden = compiled[k],
                .is_newer = is_before(&status.st_mtim, &hidden.st_mtim),
                .is_read_only = is_read_only(compiled[k]),
        };
        return 1;
}

int hwdb_compare_age(char *ret, size_t size) {
        struct newest newest = {.path = ret, .size = size};
        struct stat status;
        size_t i = find_compiled(0, &status);
        int r;

        if (i == N_COMPILED)
                return HWDB_MISSING;
        newest.written = status.st_mtim;
        (void)snprintf(ret, size, "%s", compiled[i]);
        r = hwdb_each_file(keep_newest, &newest);
        if (r < 0)
                return r;
        return newest.is_file ? HWDB_OLD : HWDB_FRESH;
}
