/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Guard: a block device of the device is mounted, swap space, or part of another block device. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "block_devices.h"
#include "cleanup.h"
#include "directory.h"
#include "escape.h"
#include "fd.h"
#include "guard.h"
#include "mounts.h"
#include "sysfs_link.h"
#include "text.h"

/*
 * Sets *ret to "TITLE on /dev/sda2 WHAT": a device that is built on a disk is named with the disk.
 */
static int report_use(const struct block_device *device, struct finding *ret, const char *what) {
        if (device->lower)
                return finding_set(ret, GUARD_BLOCK, device->title, " on ", device->lower->title,
                                   what);
        return finding_set(ret, GUARD_BLOCK, device->title, what);
}

static int report_use_of(const struct block_device *device, struct finding *ret, const char *what,
                         const struct mounts_word *word) {
        (void)report_use(device, ret, what);
        escape_append_bytes(ret->text, sizeof(ret->text), word->text, word->length);
        return 1;
}

struct block_search {
        const struct block_device *devices;
        struct finding *finding;
};

/* --- files that list uses, one on each line --- */

static int check_mount(const char *line, size_t length, void *userdata) {
        const struct block_search *search = userdata;
        struct mount mount;

        if (!mount_parse(line, length, &mount))
                return 0;
        for (const struct block_device *device = search->devices; device; device = device->next)
                /* btrfs has a device number of its own: compare the source as well */
                if (text_is(mount.number.text, mount.number.length, device->number) ||
                    text_is(mount.source.text, mount.source.length, device->node))
                        return report_use_of(device, search->finding, " is mounted on ",
                                             &mount.where);
        return 0;
}

static int check_swap(const char *line, size_t length, void *userdata) {
        const struct block_search *search = userdata;
        struct mounts_word file;

        if (!swap_parse(line, length, &file))
                return 0;
        for (const struct block_device *device = search->devices; device; device = device->next)
                if (text_is(file.text, file.length, device->node))
                        return report_use(device, search->finding, " is swap space");
        return 0;
}

/* --- uses that are in no such file --- */

/* All disks of a btrfs except the first are missing in mountinfo. */
static int check_btrfs(int dir_fd, const char *name, void *userdata) {
        const struct block_search *search = userdata;
        _cleanup_close_ int fd = -1, devices_fd = -1;

        fd = fd_open_directory(dir_fd, name);
        devices_fd = fd < 0 ? fd : fd_open_directory(fd, "devices");
        if (devices_fd < 0) /* "features" is not a file system */
                return devices_fd == -ENOENT || devices_fd == -ENOTDIR ? 0 : devices_fd;
        for (const struct block_device *device = search->devices; device; device = device->next)
                if (link_exists(devices_fd, device->name) > 0)
                        return report_use(device, search->finding, " is part of a mounted btrfs");
        return 0;
}

static int check_all_btrfs(struct block_search *search) {
        _cleanup_close_ int fd = fd_open_directory(AT_FDCWD, "/sys/fs/btrfs");

        if (fd < 0)
                return fd == -ENOENT ? 0 : fd;
        return directory_read(fd, check_btrfs, search);
}

static int check_upper(const struct block_device *device, struct finding *ret) {
        for (; device; device = device->next)
                if (device->lower)
                        return finding_set(ret, GUARD_BLOCK, device->lower->title, " is in use by ",
                                           device->title);
        return 0;
}

/* Is FD the block device NUMBER? */
static bool is_number(int fd, const char *number) {
        char text[BLOCK_NUMBER_SIZE];
        struct stat status;

        if (fstat(fd, &status) < 0 || !S_ISBLK(status.st_mode))
                return false;
        (void)snprintf(text, sizeof(text), "%u:%u", major(status.st_rdev), minor(status.st_rdev));
        return streq(text, number);
}

/*
 * A program that uses a whole block device opens it exclusively: file systems that are mounted in
 * another mount namespace, ZFS, bcache, iSCSI targets. O_EXCL without O_CREAT fails then: open(2).
 * If the device cannot be opened (a cgroup may forbid it), only the files above are checked.
 */
static int check_exclusive(const struct block_device *device, struct finding *ret) {
        for (; device; device = device->next) {
                _cleanup_close_ int fd = open(device->node, O_PATH | O_CLOEXEC | O_NOFOLLOW);
                int exclusive_fd;

                if (fd < 0 || !is_number(fd, device->number))
                        continue; /* without its node it cannot be opened */
                exclusive_fd = open(device->node, O_RDONLY | O_EXCL | O_CLOEXEC | O_NONBLOCK);
                if (exclusive_fd < 0 && errno == EBUSY)
                        return report_use(device, ret, " is in use (it is open exclusively)");
                fd_close(exclusive_fd);
        }
        return 0;
}

int guard_block(const struct guard_target *target, struct finding *ret) {
        _cleanup_(arena_done) struct arena arena = {};
        struct block_search search = {.finding = ret};
        struct block_device *devices;
        int r = block_devices_find(target->handle, target->snapshot, &arena, &devices);

        if (r < 0 || !devices)
                return r;
        search.devices = devices;
        r = snapshot_each_line(target->snapshot, "/proc/self/mountinfo", check_mount, &search);
        if (r == 0)
                r = snapshot_each_line(target->snapshot, "/proc/swaps", check_swap, &search);
        if (r == 0)
                r = check_all_btrfs(&search);
        return r == 0 ? check_upper(devices, ret) : r;
}

int guard_block_exclusive(const struct guard_target *target, struct finding *ret) {
        _cleanup_(arena_done) struct arena arena = {};
        struct block_device *devices;
        int r = block_devices_find(target->handle, target->snapshot, &arena, &devices);

        return r < 0 ? r : check_exclusive(devices, ret);
}
