/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The hwdb file that holds our tags: locked, and replaced whole or not at all.
 *
 * The lock is one of the folder itself: it needs no file, and ends with the process. Under it the
 * two names below are ours alone; what a process that was killed left there is removed.
 * systemd-hwdb reads no name that doesn't end in .hwdb.
 */
#include "tag_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"
#include "fd.h"

#define NEW_NAME "." TAG_NAME ".new"
#define OLD_NAME "." TAG_NAME ".old"

/* Some ten thousand tags. */
#define FILE_SIZE_MAX ((uint64_t)1024 * 1024)

#define FILE_MODE   0644
#define FOLDER_MODE 0755

/* Makes TAG_FOLDER and what it is in, except for /etc. */
static int make_folder(void) {
        if (mkdir("/etc/udev", FOLDER_MODE) < 0 && errno != EEXIST)
                return -errno;
        return mkdir(TAG_FOLDER, FOLDER_MODE) < 0 && errno != EEXIST ? -errno : 0;
}

static int open_folder(void) {
        int fd = fd_open_folder(AT_FDCWD, TAG_FOLDER), r;

        if (fd != -ENOENT)
                return fd;
        r = make_folder();
        return r < 0 ? r : fd_open_folder(AT_FDCWD, TAG_FOLDER);
}

static int lock_folder(int fd, void (*on_wait)(void *userdata), void *userdata) {
        int r = flock(fd, LOCK_EX | LOCK_NB);

        if (r < 0 && errno == EWOULDBLOCK) {
                on_wait(userdata);
                do
                        r = flock(fd, LOCK_EX);
                while (r < 0 && errno == EINTR);
        }
        return r < 0 ? -errno : 0;
}

/* What a process that was killed left. Where it can't be removed, nor can the file be changed. */
static void remove_left(int folder_fd) {
        (void)unlinkat(folder_fd, NEW_NAME, 0);
        (void)unlinkat(folder_fd, OLD_NAME, 0);
}

int tag_file_open(void (*on_wait)(void *userdata), void *userdata, struct tag_file *ret) {
        _cleanup_close_ int fd = open_folder();
        int r;

        if (fd < 0)
                return fd;
        r = lock_folder(fd, on_wait, userdata);
        if (r < 0)
                return r;
        remove_left(fd);
        *ret = (struct tag_file){.folder_fd = take_fd(&fd), .mode = FILE_MODE};
        return 0;
}

void tag_file_close(struct tag_file *file) {
        if (file->replaced)
                (void)unlinkat(file->folder_fd, OLD_NAME, 0);
        fd_close(file->folder_fd);
        file->folder_fd = -1;
}

static int read_whole(int fd, struct arena *arena, struct tag_text *ret) {
        uint64_t size;
        char *bytes;
        int r = fd_size(fd, &size);

        if (r < 0)
                return r;
        if (size > FILE_SIZE_MAX)
                return -EFBIG;
        bytes = arena_take(arena, (size_t)size);
        if (!bytes)
                return -ENOMEM;
        r = fd_read_at(fd, bytes, (size_t)size, 0);
        if (r == 0)
                *ret = (struct tag_text){bytes, (size_t)size};
        return r;
}

int tag_file_read(struct tag_file *file, struct arena *arena, struct tag_text *ret) {
        _cleanup_close_ int fd = -1;
        struct stat status;

        fd = openat(file->folder_fd, TAG_NAME,
                    O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK);
        file->had_old = fd >= 0;
        if (fd < 0 && errno != ENOENT)
                return -errno;
        if (fd < 0) {
                *ret = (struct tag_text){"", 0};
                return 0;
        }
        if (fstat(fd, &status) < 0)
                return -errno;
        if (!S_ISREG(status.st_mode))
                return S_ISDIR(status.st_mode) ? -EISDIR : -ESPIPE;
        file->mode = status.st_mode & 07777;
        return read_whole(fd, arena, ret);
}

/* The text is on the disk before the name is: a file is whole even where the power fails. */
static int write_new(const struct tag_file *file, const struct tag_text *text) {
        _cleanup_close_ int fd = -1;
        int r;

        fd = openat(file->folder_fd, NEW_NAME,
                    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY, FILE_MODE);
        if (fd < 0)
                return -errno;
        r = fd_write_all(fd, text->bytes, text->length);
        if (r == 0 && (fchmod(fd, file->mode) < 0 || fsync(fd) < 0))
                r = -errno;
        return r;
}

/* A second name for the old file, by which it comes back. */
static int keep_old(const struct tag_file *file) {
        if (!file->had_old)
                return 0;
        return linkat(file->folder_fd, TAG_NAME, file->folder_fd, OLD_NAME, 0) < 0 ? -errno : 0;
}

static int sync_folder(const struct tag_file *file) {
        return fsync(file->folder_fd) < 0 ? -errno : 0;
}

static int move_new(const struct tag_file *file, const struct tag_text *text) {
        int r;

        if (text->length > 0)
                r = renameat(file->folder_fd, NEW_NAME, file->folder_fd, TAG_NAME);
        else
                r = file->had_old ? unlinkat(file->folder_fd, TAG_NAME, 0) : 0;
        return r < 0 ? -errno : 0;
}

int tag_file_replace(struct tag_file *file, const struct tag_text *text) {
        int r = text->length > 0 ? write_new(file, text) : 0;

        if (r == 0)
                r = keep_old(file);
        if (r == 0)
                r = move_new(file, text);
        if (r < 0) {
                remove_left(file->folder_fd);
                return r;
        }
        file->replaced = true;
        r = sync_folder(file);
        if (r < 0)
                (void)tag_file_put_back(file);
        return r;
}

int tag_file_put_back(struct tag_file *file) {
        int r;

        if (!file->replaced)
                return 0;
        file->replaced = false; /* whatever comes of it: the old one isn't thrown away then */
        if (file->had_old)
                r = renameat(file->folder_fd, OLD_NAME, file->folder_fd, TAG_NAME);
        else
                r = unlinkat(file->folder_fd, TAG_NAME, 0);
        if (r < 0 && !(errno == ENOENT && !file->had_old))
                return -errno;
        return sync_folder(file);
}
