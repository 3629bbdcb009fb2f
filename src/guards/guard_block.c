/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Guard: a block device of the device is mounted, swap space, or part of another block device. */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "block_devices.h"
#include "cleanup.h"
#include "device.h"
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
                         const char *which) {
        (void)report_use(device, ret, what);
        escape_append(ret->text, sizeof(ret->text), which);
        return 1;
}

struct search {
        const struct handle *handle;
        const struct block_device *devices;
        struct finding *finding;
        const char *type; /* of the file systems that are examined */
};

/* --- uses that files list, one on each line --- */

static int check_mount(const struct mount *mount, const struct mount_namespace *namespace,
                       void *userdata) {
        const struct search *search = userdata;
        const struct block_device *device = search->devices;

        /* btrfs has a device number of its own: compare the source as well */
        while (device && !text_is(mount->number.text, mount->number.length, device->number) &&
               !text_is(mount->source.text, mount->source.length, device->node))
                device = device->next;
        if (!device)
                return 0;
        (void)report_use(device, search->finding, " is mounted on ");
        mount_add_place(mount, namespace, search->finding);
        return 1;
}

static int check_swap(const char *line, size_t length, void *userdata) {
        const struct search *search = userdata;
        struct mounts_word file;

        if (!swap_parse(line, length, &file))
                return 0;
        for (const struct block_device *device = search->devices; device; device = device->next)
                if (text_is(file.text, file.length, device->node))
                        return report_use(device, search->finding, " is swap space");
        return 0;
}

/* --- file systems: also those that no process can reach any more --- */

/* Other file systems are mounted in /sys/fs, some of which only root may read. */
static bool is_missing(int error) {
        return error == -ENOENT || error == -ENOTDIR || error == -EACCES;
}

/*
 * A mounted file system of most types has the directory /sys/fs/TYPE/DISK. All disks of a btrfs
 * are in /sys/fs/btrfs/UUID/devices.
 */
static int check_file_system(int dir_fd, const char *name, void *userdata) {
        const struct search *search = userdata;
        _cleanup_close_ int fd = fd_open_directory(dir_fd, name);
        _cleanup_close_ int devices_fd = fd < 0 ? fd : fd_open_directory(fd, "devices");

        if (devices_fd < 0 && !is_missing(devices_fd))
                return devices_fd;
        for (const struct block_device *device = search->devices; device; device = device->next)
                if (streq(name, device->name) ||
                    (devices_fd >= 0 && link_exists(devices_fd, device->name) > 0))
                        return report_use_of(device, search->finding, " is part of a mounted ",
                                             search->type);
        return 0;
}

static int check_type(int dir_fd, const char *name, void *userdata) {
        struct search *search = userdata;
        int r;

        search->type = name;
        r = directory_read_at(dir_fd, name, check_file_system, search);
        return is_missing(r) ? 0 : r;
}

static int check_file_systems(struct search *search) {
        int r = directory_read_at(AT_FDCWD, "/sys/fs", check_type, search);

        return r == -ENOENT ? 0 : r;
}

/* --- uses by the kernel --- */

/* What exports a block device, or an NVMe controller, in configfs: NVMe over fabrics, SCSI (LIO),
 * USB. */
static const char *const exports[] = {
        "/sys/kernel/config/nvmet/subsystems/*/passthru/device_path",
        "/sys/kernel/config/nvmet/subsystems/*/namespaces/*/device_path",
        "/sys/kernel/config/target/core/*/*/udev_path",
        "/sys/kernel/config/usb_gadget/*/functions/*/lun.*/file",
};

/* An export is off if the attribute "enable" beside it is 0. */
static bool is_off(const char *path) {
        char enable[PATH_MAX], value[2];
        const char *slash = strrchr(path, '/');

        (void)snprintf(enable, sizeof(enable), "%.*s/enable", (int)(slash - path), path);
        return device_attribute(AT_FDCWD, enable, value, sizeof(value)) >= 0 && streq(value, "0");
}

/* Is PATH, "/dev/nvme0", the node of the device itself? */
static bool is_controller(const struct handle *handle, const char *path) {
        char name[sizeof("nvme/") + NAME_MAX];

        return startswith(path, "/dev/nvme") &&
               text_join(name, sizeof(name), "nvme/", path + sizeof("/dev/") - 1) &&
               link_exists(handle->fd, name) > 0;
}

static int check_export(const char *path, const struct search *search) {
        char exported[PATH_MAX];

        if (is_off(path) || device_attribute(AT_FDCWD, path, exported, sizeof(exported)) < 0)
                return 0;
        if (is_controller(search->handle, exported))
                return finding_set(search->finding, GUARD_BLOCK, exported, " is exported by ",
                                   path);
        for (const struct block_device *device = search->devices; device; device = device->next)
                if (block_device_is_at(device, exported))
                        return report_use_of(device, search->finding, " is exported by ", path);
        return 0;
}

static int check_exports(const struct search *search) {
        int r = 0;

        for (size_t i = 0; r == 0 && i < sizeof(exports) / sizeof(exports[0]); i++) {
                glob_t found = {};

                if (glob(exports[i], GLOB_NOSORT, NULL, &found) == GLOB_NOSPACE)
                        r = -ENOMEM;
                for (size_t j = 0; r == 0 && j < found.gl_pathc; j++)
                        r = check_export(found.gl_pathv[j], search);
                globfree(&found);
        }
        return r;
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
        struct search search = {.handle = target->handle, .finding = ret};
        struct block_device *devices;
        int r = block_devices_find(target->handle, target->snapshot, &arena, &devices);

        if (r < 0 || !devices)
                return r;
        search.devices = devices;
        r = mounts_each(target->snapshot, check_mount, &search);
        if (r == 0)
                r = snapshot_each_line(target->snapshot, "/proc/swaps", check_swap, &search);
        if (r == 0)
                r = check_file_systems(&search);
        if (r == 0)
                r = check_exports(&search);
        if (r == 0)
                r = check_upper(devices, ret);
        return r == 0 ? finding_set_unexamined(ret, target->snapshot->unexamined) : r;
}

int guard_block_exclusive(const struct guard_target *target, struct finding *ret) {
        _cleanup_(arena_done) struct arena arena = {};
        struct block_device *devices;
        int r = block_devices_find(target->handle, target->snapshot, &arena, &devices);

        return r < 0 ? r : check_exclusive(devices, ret);
}
