/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Network guard: an interface of the device is in another network namespace.
 *
 * A directory net/ of sysfs lists the interfaces of one network namespace, but its link count
 * includes those of all: kernfs_refresh_inode() in fs/kernfs/inode.c of the kernel.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "cleanup.h"
#include "directory.h"
#include "network.h"
#include "text.h"

/*
 * A card below a USB host controller is usb1/1-1/1-1.2/1-1.2.3/1-1.2.3:1.0: USB allows five hubs,
 * the card and its interface.
 */
#define DEPTH_MAX 9

/*
 * Returns the number of directories in a directory, those of other network namespaces included: its
 * links, but for its name and ".". Or a negative number.
 */
static int count_directories(int fd) {
        struct stat status;

        return fstat(fd, &status) < 0 ? -errno : (int)status.st_nlink - 2;
}

static int count_entry(int dir_fd, const char *name, bool may_be_directory, void *userdata) {
        (void)dir_fd;
        (void)name;
        *(int *)userdata += may_be_directory;
        return 0;
}

/* The link count is read before and after: an interface can be removed in between. */
static int check_net(int fd) {
        int before = count_directories(fd), listed = 0;
        int r = directory_read_entries(fd, count_entry, &listed);

        return r < 0 ? r : before > listed && count_directories(fd) > listed;
}

/* USERDATA: the depth. */
static int visit_entry(int dir_fd, const char *name, bool may_be_directory, void *userdata) {
        _cleanup_close_ int fd = -1;
        unsigned *depth = userdata;
        int r;

        if (!may_be_directory)
                return 0;
        fd = openat(dir_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (fd < 0)
                return errno == ENOENT ? 0 : -errno; /* removed in the meantime */
        if (streq(name, "net"))
                return check_net(fd);
        if (*depth == DEPTH_MAX || count_directories(fd) == 0)
                return 0;
        (*depth)++;
        r = directory_read_entries(fd, visit_entry, depth);
        (*depth)--;
        return r;
}

int network_check_moved(struct snapshot *snapshot, const struct handle *handle,
                        struct finding *ret) {
        unsigned depth = 0;
        int r = visit_entry(handle->fd, ".", true, &depth);

        if (r <= 0 || network_namespaces_find(snapshot, handle, ret))
                return r;
        return finding_set(ret, GUARD_NETWORK,
                           "a network interface of it is in another network namespace");
}
