/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds a device by a name that a user gives. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "cleanup.h"
#include "device_handle.h"
#include "fd.h"
#include "sysfs_link.h"
#include "text.h"

/* IFNAMSIZ of linux/if.h, which is not included for this only */
#define INTERFACE_SIZE 16

/*
 * The parent of a virtio network interface is a virtio device, which is below the device on the
 * bus. For other buses the parent is used: a USB network interface must not select its host
 * controller.
 */
static int open_virtio_parent(int device_fd) {
        _cleanup_close_ int fd = device_fd;
        char subsystem[NAME_SIZE];

        if (link_name(fd, "subsystem", subsystem, sizeof(subsystem)) < 0 ||
            !streq(subsystem, "virtio"))
                return take_fd(&fd);
        return fd_open_directory(fd, "..");
}

static int find_interface(const char *name) {
        char head[sizeof("/sys/class/net/") + INTERFACE_SIZE];
        char path[sizeof(head) + sizeof("/device")];
        _cleanup_close_ int virtual_fd = -1;
        int fd;

        if (!text_join(head, sizeof(head), "/sys/class/net/", name) ||
            !text_join(path, sizeof(path), head, "/device"))
                return -ENODEV; /* too long for an interface */
        fd = fd_open_directory(AT_FDCWD, path);
        if (fd >= 0)
                return open_virtio_parent(fd);
        virtual_fd = fd_open_directory(AT_FDCWD, head);
        if (virtual_fd >= 0)
                return -EXDEV; /* it has no device, like lo and a bridge */
        return fd == -ENOENT || fd == -ENOTDIR ? -ENODEV : fd;
}

int device_find(const char *device) {
        int fd = device_open(device);

        if (fd != -ENODEV || strchr(device, '/'))
                return fd;
        return find_interface(device);
}
