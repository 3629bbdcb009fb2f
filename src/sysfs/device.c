/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A device in /sys: its directory and its attributes. */
#include "device.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>

#include "bus.h"
#include "cleanup.h"
#include "fd.h"
#include "sysfs_link.h"
#include "text.h"

/* A path that leaves /sys is not the name of a device. */
static bool has_parent_reference(const char *path) {
        for (; *path; path++)
                if (*path == '/' && (startswith(path, "/../") || streq(path, "/..")))
                        return true;
        return false;
}

static int open_directory(const char *path) {
        int fd = fd_open_directory(AT_FDCWD, path);

        return fd == -ENOENT || fd == -ENOTDIR ? -ENODEV : fd;
}

/* Not inlined: the stack of a caller would have the path, a page, until that returns. */
__attribute__((noinline)) static int open_joined(const char *directory, const char *name) {
        _uninitialized_ char path[PATH_MAX];

        if (!text_join(path, sizeof(path), directory, name))
                return -ENAMETOOLONG;
        return open_directory(path);
}

int device_open_devpath(const char *devpath) {
        if (!startswith(devpath, "/devices/") || has_parent_reference(devpath))
                return -EINVAL;
        return open_joined("/sys", devpath);
}

int device_open_on(const char *bus, const char *sysname) {
        char head[PATH_MAX], directory[PATH_MAX];

        if (!text_join(head, sizeof(head), "/sys/bus/", bus) ||
            !text_join(directory, sizeof(directory), head, "/devices/"))
                return -ENAMETOOLONG;
        return open_joined(directory, sysname);
}

int device_open(const char *device) {
        int fd = -ENODEV;

        if (strchr(device, '/')) {
                if (!startswith(device, "/sys/") || has_parent_reference(device))
                        return -EINVAL;
                return open_directory(device);
        }
        if (!*device || streq(device, ".") || streq(device, ".."))
                return -EINVAL;
        for (const struct bus *bus = buses; fd == -ENODEV && bus->subsystem; bus++)
                fd = device_open_on(bus->subsystem, device);
        return fd;
}

int device_attribute(int device_fd, const char *name, char *ret, size_t size) {
        _cleanup_close_ int fd = -1;
        ssize_t n;

        fd = openat(device_fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK);
        if (fd < 0)
                return -errno;
        n = fd_read_some(fd, ret, size, 0);
        if (n < 0)
                return (int)n;
        if (n > 0 && ret[n - 1] == '\n')
                n--;
        if ((size_t)n >= size)
                return -EMSGSIZE;
        ret[n] = '\0';
        return 0;
}

int device_physfn(int device_fd, char ret[SYSNAME_SIZE]) {
        return link_name(device_fd, "physfn", ret, SYSNAME_SIZE);
}
