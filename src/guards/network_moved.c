/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Network guard: an interface of the device is in another network namespace.
 *
 * A directory net/ of sysfs lists the interfaces of one network namespace, but its link count
 * includes those of all: kernfs_refresh_inode() in fs/kernfs/inode.c of the kernel.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"
#include "guard.h"
#include "network.h"
#include "network_namespaces.h"
#include "text.h"

/*
 * A card below a USB host controller is usb1/1-1/1-1.2/1-1.2.3/1-1.2.3:1.0: USB allows five hubs,
 * the card and its interface.
 */
#define DEPTH_MAX 9

static void close_directory(DIR **directory) {
        if (*directory)
                (void)closedir(*directory);
}

/*
 * Returns the number of links of a directory: one for each directory in it, and two for its name
 * and ".". Or a negative errno.
 */
static int count_directories(int fd) {
        struct stat status;

        return fstat(fd, &status) < 0 ? -errno : (int)status.st_nlink;
}

static DIR *open_directory(int dir_fd, const char *name) {
        int fd = openat(dir_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        DIR *directory = fd < 0 ? NULL : fdopendir(fd);

        if (fd >= 0 && !directory)
                (void)close(fd);
        return directory;
}

static int count_listed(DIR *directory) {
        const struct dirent *entry;
        int n = 0;

        while ((entry = readdir(directory)))
                n += entry->d_type == DT_DIR;
        return n;
}

/* The link count is read before and after: an interface can be removed in between. */
static int check_net(int dir_fd) {
        _cleanup_(close_directory) DIR *directory = open_directory(dir_fd, "net");
        int before, listed, after;

        if (!directory)
                return errno == ENOENT ? 0 : -errno;
        before = count_directories(dirfd(directory));
        listed = count_listed(directory);
        after = count_directories(dirfd(directory));
        return before > listed && after > listed;
}

static int visit_directory(DIR *directory, unsigned depth);

static int visit_entry(int dir_fd, const char *name, unsigned depth) {
        _cleanup_(close_directory) DIR *directory = NULL;

        if (streq(name, "net"))
                return check_net(dir_fd);
        directory = open_directory(dir_fd, name);
        if (!directory)
                return errno == ENOENT ? 0 : -errno; /* removed in the meantime */
        return visit_directory(directory, depth);
}

static int visit_directory(DIR *directory, unsigned depth) {
        const struct dirent *entry;
        int r = 0;

        /* A directory that contains no other has two links */
        if (depth == DEPTH_MAX || count_directories(dirfd(directory)) == 2)
                return 0;
        while (r == 0 && (entry = readdir(directory)))
                if (entry->d_type == DT_DIR && !streq(entry->d_name, ".") &&
                    !streq(entry->d_name, ".."))
                        r = visit_entry(dirfd(directory), entry->d_name, depth + 1);
        return r;
}

int network_check_moved(struct snapshot *snapshot, const struct handle *handle,
                        struct finding *ret) {
        _cleanup_(close_directory) DIR *directory = open_directory(handle->fd, ".");
        int r = directory ? visit_directory(directory, 0) : -errno;

        if (r <= 0 || network_namespaces_find(snapshot, handle, ret))
                return r;
        return finding_set(ret, GUARD_NETWORK,
                           "a network interface of it is in another network namespace");
}
