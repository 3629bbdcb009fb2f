/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The record of a device that is being unbound. */
#include "unbinding.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cleanup.h"
#include "device_lock.h"
#include "fd.h"

#define PATH_SIZE (sizeof(RUN_DIRECTORY) + NAME_SIZE + SYSNAME_SIZE)

static void find_path(const struct handle *handle, char ret[PATH_SIZE]) {
        (void)snprintf(ret, PATH_SIZE, RUN_DIRECTORY "/%s:%s", handle->bus, handle->sysname);
}

static time_t now(void) {
        struct timespec time = {};

        (void)clock_gettime(CLOCK_BOOTTIME, &time);
        return time.tv_sec;
}

int unbinding_begin(const struct handle *handle, struct unbinding *unbinding) {
        _cleanup_close_ int fd = -1;
        char path[PATH_SIZE];
        int r = run_directory_make();

        if (r < 0)
                return r;
        find_path(handle, path);
        fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
        if (fd < 0)
                return -errno;
        unbinding->since = now();
        /* The lock first: a record without one is out of date. Any user must be able to read it,
         * regardless of the umask of a unit. */
        if (flock(fd, LOCK_EX | LOCK_NB) < 0 || fchmod(fd, 0644) < 0 ||
            pwrite(fd, unbinding, sizeof(*unbinding), 0) != sizeof(*unbinding))
                return -errno;
        return take_fd(&fd);
}

void unbinding_end(const struct handle *handle, int fd) {
        char path[PATH_SIZE];

        if (fd < 0)
                return;
        find_path(handle, path);
        (void)unlink(path);
        fd_close(fd);
}

int unbinding_read(const struct handle *handle, struct unbinding *ret) {
        _cleanup_close_ int fd = -1;
        char path[PATH_SIZE];

        find_path(handle, path);
        fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        /* The record of a process that was killed can be locked */
        if (fd < 0 || flock(fd, LOCK_SH | LOCK_NB) == 0 || errno != EWOULDBLOCK)
                return 0;
        return fd_read_at(fd, ret, sizeof(*ret), 0) >= 0;
}

unsigned unbinding_seconds(const struct unbinding *unbinding) {
        return (unsigned)(now() - unbinding->since);
}
