/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The lock of a device: one process at a time binds it.
 *
 * Any user can open the directory of a device, and lock it with flock(2) for ever. The lock is
 * therefore on a file that only root can open: on the byte that has the number of the device's
 * inode.
 */
#include "device_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/stat.h>

#include "cleanup.h"

int run_directory_make(void) {
        return mkdir(RUN_DIRECTORY, 0755) < 0 && errno != EEXIST ? -errno : 0;
}

/* Offsets have 63 bits. One less leaves room for the end of the lock. */
#define OFFSET_MASK (INT64_MAX >> 1)

int device_lock(const struct handle *handle) {
        struct flock lock = {.l_type = F_WRLCK,
                             .l_whence = SEEK_SET,
                             .l_start = (off_t)(handle->inode & OFFSET_MASK),
                             .l_len = 1};
        _cleanup_close_ int fd = -1;
        int r = run_directory_make();

        if (r < 0)
                return r;
        fd = open(RUN_DIRECTORY "/lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (fd < 0 || fcntl(fd, F_OFD_SETLK, &lock) < 0)
                return -errno;
        return take_fd(&fd);
}
