/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* File descriptors: open, and read and write completely, with each error returned. */
#include "fd.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* O_NONBLOCK: a FIFO in place of a file must not block the boot */
#define OPEN_FLAGS (O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)

void fd_close(int fd) {
        int saved = errno;

        if (fd >= 0)
                (void)close(fd);
        errno = saved;
}

int fd_open_directory(int dir_fd, const char *path) {
        int fd = openat(dir_fd, path, OPEN_FLAGS | O_DIRECTORY);

        return fd < 0 ? -errno : fd;
}

int fd_open_file(int dir_fd, const char *path) {
        int fd = openat(dir_fd, path, OPEN_FLAGS);

        return fd < 0 ? -errno : fd;
}

int fd_size(int fd, uint64_t *ret) {
        off_t size = lseek(fd, 0, SEEK_END); /* the file position is not used */

        if (size < 0)
                return -errno;
        *ret = (uint64_t)size;
        return 0;
}

ssize_t fd_read_some(int fd, void *buffer, size_t size, uint64_t offset) {
        ssize_t n;

        do
                n = pread(fd, buffer, size, (off_t)offset);
        while (n < 0 && errno == EINTR);
        return n < 0 ? -errno : n;
}

int fd_read_at(int fd, void *buffer, size_t size, uint64_t offset) {
        size_t done = 0;

        while (done < size) {
                ssize_t n = fd_read_some(fd, (char *)buffer + done, size - done, offset + done);

                if (n <= 0)
                        return n < 0 ? (int)n : -EBADMSG;
                done += (size_t)n;
        }
        return 0;
}

int fd_write_all(int fd, const void *buffer, size_t size) {
        size_t done = 0;

        while (done < size) {
                ssize_t n = write(fd, (const char *)buffer + done, size - done);

                if (n < 0 && errno == EINTR)
                        continue;
                if (n < 0)
                        return -errno;
                done += (size_t)n;
        }
        return 0;
}
