/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Triggers a uevent of a device. */
#include "uevent.h"

#include <errno.h>
#include <fcntl.h>

#include "cleanup.h"
#include "fd.h"

int device_trigger(int device_fd) {
        static const char action[] = "change";
        _cleanup_close_ int fd = -1;

        fd = openat(device_fd, "uevent", O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK);
        if (fd < 0)
                return -errno;
        return fd_write_all(fd, action, sizeof(action) - 1);
}
