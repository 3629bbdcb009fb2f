/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The device handle: the open directory of a device, and its identity. */
#include "device_handle.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"
#include "fd.h"
#include "pci.h"
#include "sysfs_link.h"
#include "text.h"

/* *ret: the path of the directory FD, with all links resolved by the kernel. */
static int find_syspath(int fd, char ret[PATH_MAX]) {
        char path[sizeof("/proc/self/fd/") + 3 * sizeof(fd)];
        ssize_t n;

        (void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
        n = readlink(path, ret, PATH_MAX - 1);
        if (n < 0)
                return -errno;
        ret[n] = '\0';
        return startswith(ret, "/sys/devices/") ? 0 : -ENODEV;
}

/* A kernel object that is not a device has no subsystem. */
static int read_bus(struct handle *handle) {
        int r = link_name(handle->fd, "subsystem", handle->bus, sizeof(handle->bus));

        return r == -ENOENT ? -ENODEV : r;
}

static int read_modalias(int fd, char ret[HANDLE_MODALIAS_SIZE]) {
        int r = device_attribute(fd, "modalias", ret, HANDLE_MODALIAS_SIZE);

        if (r == -ENOENT)
                ret[0] = '\0';
        return r == -ENOENT ? 0 : r;
}

static int read_group(int fd, char ret[GROUP_SIZE]) {
        int r = device_group(fd, ret);

        if (r == -ENOENT)
                ret[0] = '\0';
        return r == -ENOENT ? 0 : r;
}

static int read_identity(struct handle *handle) {
        struct stat status;
        int r;

        if (fstat(handle->fd, &status) < 0)
                return -errno;
        handle->device = status.st_dev;
        handle->inode = status.st_ino;
        r = read_modalias(handle->fd, handle->modalias);
        return r < 0 ? r : read_group(handle->fd, handle->group);
}

static int handle_fill(struct handle *handle) {
        const char *sysname;
        int r = find_syspath(handle->fd, handle->syspath);

        if (r < 0)
                return r;
        sysname = basename(handle->syspath);
        if (text_put(handle->sysname, sizeof(handle->sysname), sysname) == sizeof(handle->sysname))
                return -EMSGSIZE;
        r = read_bus(handle);
        if (r < 0)
                return r;
        r = read_identity(handle);
        handle->header_type = device_header_type(handle->fd, handle->modalias);
        return r < 0 ? r : handle_find(handle);
}

int handle_open(int device_fd, struct handle *ret) {
        struct handle handle = {.fd = device_fd};
        int r = device_fd;

        if (r >= 0)
                r = handle_fill(&handle);
        if (r < 0) {
                handle_close(&handle);
                return r;
        }
        *ret = handle;
        return 0;
}

void handle_close(struct handle *handle) {
        fd_close(take_fd(&handle->fd));
}

/* The subsystem of a device may be a class (net), which has no such directory. */
int handle_find(const struct handle *handle) {
        char path[sizeof("/sys/bus//devices/") + sizeof(handle->bus) + sizeof(handle->sysname)];
        struct stat status;

        (void)snprintf(path, sizeof(path), "/sys/bus/%s/devices/%s", handle->bus, handle->sysname);
        if (stat(path, &status) < 0)
                return errno == ENOENT || errno == ENOTDIR ? -ENODEV : -errno;
        return status.st_dev == handle->device && status.st_ino == handle->inode ? 0 : -ESTALE;
}

int handle_check(const struct handle *handle) {
        char modalias[HANDLE_MODALIAS_SIZE], group[GROUP_SIZE];
        int r = handle_find(handle);

        if (r < 0)
                return r;
        r = read_modalias(handle->fd, modalias);
        if (r < 0)
                return r;
        r = read_group(handle->fd, group);
        if (r < 0)
                return r;
        if (!streq(modalias, handle->modalias))
                return -ESTALE;
        /* If there is no IOMMU, VFIO creates the group during bind and removes it after unbind.
         * Or the directory itself was just removed, with all that was in it */
        if (!group[0])
                return handle->group[0] ? handle_find(handle) : 0;
        return handle->group[0] && !streq(group, handle->group) ? -ESTALE : 0;
}
