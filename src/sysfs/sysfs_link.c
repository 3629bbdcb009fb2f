/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Links and attributes in /sys, below the directory of a device. */
#include "sysfs_link.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "text.h"

int link_name(int dir_fd, const char *path, char *ret, size_t size) {
        _uninitialized_ char link[PATH_MAX];
        ssize_t n = readlinkat(dir_fd, path, link, sizeof(link) - 1);
        const char *name;

        if (n < 0)
                return -errno;
        link[n] = '\0';
        name = basename(link);
        if (strlen(name) >= size)
                return -EMSGSIZE;
        (void)text_put(ret, size, name);
        return 0;
}

int link_exists(int dir_fd, const char *path) {
        if (faccessat(dir_fd, path, F_OK, 0) == 0)
                return 1;
        return errno == ENOENT || errno == ENOTDIR ? 0 : -errno;
}

int attribute_open(int dir_fd, const char *path) {
        int fd = openat(dir_fd, path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK);

        return fd < 0 ? -errno : fd;
}

int attribute_write_fd(int fd, const char *value) {
        size_t length = strlen(value);
        ssize_t n;

        do
                n = write(fd, value, length);
        while (n < 0 && errno == EINTR);
        if (n < 0)
                return -errno;
        return (size_t)n == length ? 0 : -EIO;
}

int attribute_write(int dir_fd, const char *path, const char *value) {
        _cleanup_close_ int fd = attribute_open(dir_fd, path);

        return fd < 0 ? fd : attribute_write_fd(fd, value);
}
