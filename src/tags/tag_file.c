/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The hwdb file of a tag.
 *
 * The lock is on the directory: it needs no file, and ends with the process. While it is held no
 * other process uses the hidden names below, and those that a killed process left are removed.
 * systemd-hwdb reads only names that end in .hwdb.
 */
#include "tag_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"
#include "directory.h"
#include "fd.h"
#include "hwdb_text.h"
#include "property.h"
#include "text.h"

/* More than any file of a tag. */
#define FILE_SIZE 4096

#define FILE_MODE      0644
#define DIRECTORY_MODE 0755

bool tag_is_same(const struct tag *a, const struct tag *b) {
        return a->force == b->force && streq(a->pin, b->pin);
}

/* --- the text --- */

static size_t text_of(const struct tag *tag, char ret[FILE_SIZE]) {
        char arguments[TAG_KEY_SIZE];
        size_t n;

        tag_key_arguments(tag->key, arguments);
        n = (size_t)snprintf(ret, FILE_SIZE,
                             "# Made by `vfio-variant tag`. To remove it: vfio-variant untag %s\n"
                             "%s\n %s=%s\n",
                             arguments, tag->key, property_name(PROPERTY_BIND),
                             tag->force ? "force" : "1");
        if (*tag->pin && n < FILE_SIZE)
                n += (size_t)snprintf(ret + n, FILE_SIZE - n, " %s=%s\n",
                                      property_name(PROPERTY_PIN), tag->pin);
        return n;
}

/* Is TEXT as tag_file_write() writes it for KEY? *ret: the tag. */
static bool is_text_of(const struct hwdb_text *text, const char *key, struct tag *ret) {
        struct hwdb_reader reader = hwdb_reader_new(text);
        struct hwdb_text bind = {}, pin = {};
        struct hwdb_record record;
        char same[FILE_SIZE];
        size_t n;

        if (!hwdb_reader_next(&reader, &record) ||
            !hwdb_record_sets(&record, property_name(PROPERTY_BIND), &bind))
                return false;
        (void)hwdb_record_sets(&record, property_name(PROPERTY_PIN), &pin);
        *ret = (struct tag){.force = text_is(bind.bytes, bind.length, "force")};
        (void)text_put(ret->key, sizeof(ret->key), key);
        (void)snprintf(ret->pin, sizeof(ret->pin), "%.*s", (int)pin.length, pin.bytes);
        n = text_of(ret, same);
        return n == text->length && memcmp(same, text->bytes, n) == 0;
}

/* --- the directory --- */

/* Any user must be able to read tags, regardless of the umask: `check` and `info` do. */
static int make_readable(const char *path) {
        if (mkdir(path, DIRECTORY_MODE) < 0)
                return errno == EEXIST ? 0 : -errno;
        return chmod(path, DIRECTORY_MODE) < 0 ? -errno : 0;
}

/* /etc exists on all systems. */
static int make_directory(void) {
        int r = make_readable("/etc/udev");

        return r < 0 ? r : make_readable(TAG_DIRECTORY);
}

static int open_directory(void) {
        int fd = fd_open_directory(AT_FDCWD, TAG_DIRECTORY), r;

        if (fd != -ENOENT)
                return fd;
        r = make_directory();
        return r < 0 ? r : fd_open_directory(AT_FDCWD, TAG_DIRECTORY);
}

static int lock_directory(int fd, void (*on_wait)(void)) {
        int r = flock(fd, LOCK_EX | LOCK_NB);

        if (r < 0 && errno == EWOULDBLOCK) {
                on_wait();
                do
                        r = flock(fd, LOCK_EX);
                while (r < 0 && errno == EINTR);
        }
        return r < 0 ? -errno : 0;
}

/* Removes what a killed process left. Errors are ignored: writing a file would fail as well. */
static int remove_left(int directory_fd, const char *name, void *userdata) {
        (void)userdata;
        if (tag_name_is_hidden(name))
                (void)unlinkat(directory_fd, name, 0);
        return 0;
}

int tag_directory_open(void (*on_wait)(void)) {
        _cleanup_close_ int fd = open_directory();
        int r;

        if (fd < 0)
                return fd;
        r = lock_directory(fd, on_wait);
        if (r < 0)
                return r;
        /* Opened again, because a descriptor is read to its end only once */
        r = directory_read_at(fd, ".", remove_left, NULL);
        return r < 0 ? r : take_fd(&fd);
}

/* --- files --- */

int tag_file_path(const char *key, char ret[TAG_PATH_SIZE]) {
        char name[TAG_NAME_SIZE];
        int r = tag_name_of(key, name);

        if (r < 0)
                return r;
        (void)snprintf(ret, TAG_PATH_SIZE, "%s/%s", TAG_DIRECTORY, name);
        return 0;
}

static int check_type(int fd) {
        struct stat status;

        if (fstat(fd, &status) < 0)
                return -errno;
        if (S_ISREG(status.st_mode))
                return 0;
        return S_ISDIR(status.st_mode) ? -EISDIR : -ESPIPE;
}

int tag_file_read(int directory_fd, const char *key, struct tag *ret) {
        char name[TAG_NAME_SIZE], bytes[FILE_SIZE];
        _cleanup_close_ int fd = -1;
        struct tag tag;
        ssize_t n;
        int r = tag_name_of(key, name);

        if (r < 0 || directory_fd < 0)
                return r;
        fd = openat(directory_fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK);
        if (fd < 0)
                return errno == ENOENT ? 0 : -errno;
        r = check_type(fd);
        if (r < 0)
                return r;
        n = fd_read_some(fd, bytes, sizeof(bytes), 0);
        if (n < 0)
                return (int)n;
        if (!is_text_of(&(struct hwdb_text){bytes, (size_t)n}, key, &tag))
                return -EEXIST;
        *ret = tag;
        return 1;
}

struct key_search {
        const char *prefix;
        int (*on_key)(const char *key, void *userdata);
        void *userdata;
};

static int visit_name(int directory_fd, const char *name, void *userdata) {
        const struct key_search *search = userdata;
        char key[TAG_KEY_SIZE];

        (void)directory_fd;
        if (!tag_name_read(name, key) || !startswith(key, search->prefix))
                return 0;
        return search->on_key(key, search->userdata);
}

int tag_file_each(int directory_fd, const char *prefix,
                  int (*on_key)(const char *key, void *userdata), void *userdata) {
        struct key_search search = {.prefix = prefix, .on_key = on_key, .userdata = userdata};

        return directory_fd < 0 ? 0 : directory_read_at(directory_fd, ".", visit_name, &search);
}

/* The text is on disk before the name is: a file is complete even after a power failure. */
static int write_new(int directory_fd, const char *name, const struct tag *tag) {
        _cleanup_close_ int fd = -1;
        char text[FILE_SIZE];
        size_t n = text_of(tag, text);
        int r;

        fd = openat(directory_fd, name,
                    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY, FILE_MODE);
        if (fd < 0)
                return -errno;
        r = fd_write_all(fd, text, n);
        /* Despite a strict umask, udevd and unprivileged users must be able to read tags */
        if (r == 0 && (fchmod(fd, FILE_MODE) < 0 || fsync(fd) < 0))
                r = -errno;
        return r;
}

int tag_file_write(int directory_fd, const struct tag *tag) {
        char name[TAG_NAME_SIZE], new[TAG_NAME_SIZE];
        int r = tag_name_of_new(tag->key, new);

        if (r < 0)
                return r;
        (void)tag_name_of(tag->key, name);
        r = write_new(directory_fd, new, tag);
        if (r == 0 && renameat(directory_fd, new, directory_fd, name) < 0)
                r = -errno;
        if (r < 0)
                (void)unlinkat(directory_fd, new, 0);
        return r;
}

int tag_file_remove(int directory_fd, const char *key) {
        char name[TAG_NAME_SIZE];
        int r = tag_name_of(key, name);

        if (r < 0)
                return r;
        return unlinkat(directory_fd, name, 0) < 0 ? -errno : 0;
}
