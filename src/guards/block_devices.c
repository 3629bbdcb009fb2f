/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The block devices of a device, and those that are built on them. */
#include "block_devices.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "cleanup.h"
#include "directory.h"
#include "fd.h"
#include "sysfs_link.h"
#include "text.h"

/* "/dev/" and a name; " (", the name of a dm device, and ")" */
#define NODE_MAX  (sizeof("/dev/") + SYSNAME_SIZE)
#define TITLE_MAX (NODE_MAX + SYSNAME_SIZE)

/* PAGE_SIZE bounds a sysfs attribute; " (deleted)" can follow the path. */
#define BACKING_SIZE 4096

struct block_list {
        struct arena *arena;
        struct block_device *first, **end;
        const struct block_device *lower; /* of the block devices that are added */
        const char *disk;                 /* the disk whose partitions are added */
};

static int open_block(const char *name) {
        char path[sizeof("/sys/class/block/") + SYSNAME_SIZE];

        if (!text_join(path, sizeof(path), "/sys/class/block/", name))
                return -ENAMETOOLONG;
        return fd_open_directory(AT_FDCWD, path);
}

/* "cciss!c0d0" is /dev/cciss/c0d0: drivers/base/core.c, device_get_devnode(). */
static const char *block_device_node(struct arena *arena, const char *name) {
        char node[NODE_MAX];

        if (!text_join(node, sizeof(node), "/dev/", name))
                return NULL;
        for (char *c = node; *c; c++)
                if (*c == '!')
                        *c = '/';
        return arena_text(arena, node);
}

static const char *block_device_title(struct arena *arena, int block_fd, const char *node) {
        char name[SYSNAME_SIZE], title[TITLE_MAX];

        if (device_attribute(block_fd, "dm/name", name, sizeof(name)) < 0)
                return node;
        (void)snprintf(title, sizeof(title), "%s (%s)", node, name);
        return arena_text(arena, title);
}

static int block_device_read(const struct block_list *blocks, struct block_device *device,
                             const char *name) {
        _cleanup_close_ int fd = open_block(name);

        if (fd < 0)
                return fd;
        device->lower = blocks->lower;
        device->name = arena_text(blocks->arena, name);
        device->node = block_device_node(blocks->arena, name);
        device->title = device->node ? block_device_title(blocks->arena, fd, device->node) : NULL;
        if (!device->name || !device->title)
                return -ENOMEM;
        if (device_attribute(fd, "dev", device->number, sizeof(device->number)) < 0)
                device->number[0] = '\0';
        return 0;
}

static int block_list_add(struct block_list *blocks, const char *name) {
        struct block_device *device;
        int r;

        for (device = blocks->first; device; device = device->next)
                if (streq(device->name, name))
                        return 0; /* an array may contain two disks of the device */
        device = arena_take(blocks->arena, sizeof(*device));
        if (!device)
                return -ENOMEM;
        r = block_device_read(blocks, device, name);
        if (r < 0)
                return r == -ENOENT ? 0 : r; /* removed meanwhile */
        *blocks->end = device;
        blocks->end = &device->next;
        return 0;
}

static const char *skip_digits(const char *text) {
        while (text_is_digit(*text))
                text++;
        return text;
}

/*
 * A path of an NVMe namespace, "nvme0c1n2", is hidden. The block device that can be mounted is
 * "nvme0n2", which is below no device, because it may have several paths. Source:
 * nvme_set_disk_name(), Linux 5.10 to 7.
 */
static int block_list_add_multipath(struct block_list *blocks, const char *path) {
        char name[SYSNAME_SIZE];
        const char *c, *n;

        if (!startswith(path, "nvme"))
                return 0;
        c = skip_digits(path + sizeof("nvme") - 1);
        n = *c == 'c' ? skip_digits(c + 1) : c;
        if (n == c || *n != 'n' || text_put(name, sizeof(name), path) == sizeof(name))
                return 0;
        (void)text_put(name + (c - path), sizeof(name) - (size_t)(c - path), n);
        return block_list_add(blocks, name);
}

static int add_child(const char *name, void *userdata) {
        int r = block_list_add(userdata, name);

        return r < 0 ? r : block_list_add_multipath(userdata, name);
}

static int add_partition(int dir_fd, const char *name, void *userdata) {
        struct block_list *blocks = userdata;
        char path[SYSNAME_SIZE + sizeof("/partition")];
        int r;

        if (!startswith(name, blocks->disk) || !text_join(path, sizeof(path), name, "/partition"))
                return 0;
        r = link_exists(dir_fd, path);
        return r <= 0 ? r : block_list_add(blocks, name);
}

static int add_holder(int dir_fd, const char *name, void *userdata) {
        (void)dir_fd;
        return block_list_add(userdata, name);
}

/* --- loop devices: the disk below one has no link to it --- */

/*
 * The kernel prints the path of a backing file as it was in the process that set up the loop
 * device, which may have had another /dev.
 */
bool block_device_is_at(const struct block_device *device, const char *path) {
        size_t n = strlen(device->node);
        char number[BLOCK_NUMBER_SIZE];
        struct statx status;

        if (startswith(path, device->node) && (!path[n] || streq(path + n, " (deleted)")))
                return true;
        /* DONT_SYNC: the image may be on a file server that does not respond */
        if (statx(AT_FDCWD, path, AT_STATX_DONT_SYNC | AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT,
                  STATX_TYPE, &status) < 0 ||
            !S_ISBLK(status.stx_mode))
                return false;
        (void)snprintf(number, sizeof(number), "%u:%u", status.stx_rdev_major,
                       status.stx_rdev_minor);
        return streq(number, device->number);
}

static int add_loop(int dir_fd, const char *name, void *userdata) {
        struct block_list *blocks = userdata;
        char attribute[SYSNAME_SIZE + sizeof("/loop/backing_file")], path[BACKING_SIZE];
        int r;

        if (!startswith(name, "loop") ||
            !text_join(attribute, sizeof(attribute), name, "/loop/backing_file"))
                return 0;
        r = device_attribute(dir_fd, attribute, path, sizeof(path));
        if (r < 0) /* a loop device that is not set up */
                return r == -ENOENT || r == -ENODEV || r == -ENXIO ? 0 : r;
        return block_device_is_at(blocks->lower, path) ? block_list_add(blocks, name) : 0;
}

static int block_list_add_loops(struct block_list *blocks) {
        int r = directory_read_at(AT_FDCWD, "/sys/class/block", add_loop, blocks);

        return r == -ENOENT ? 0 : r;
}

/* Adds the partitions of DEVICE, which have the same device below, and its holders. */
static int block_list_add_upper(struct block_list *blocks, const struct block_device *device) {
        _cleanup_close_ int fd = open_block(device->name);
        int r;

        if (fd < 0)
                return fd == -ENOENT ? 0 : fd;
        blocks->lower = device->lower;
        blocks->disk = device->name;
        r = directory_read(fd, add_partition, blocks);
        blocks->lower = device;
        if (r == 0)
                r = block_list_add_loops(blocks);
        if (r < 0)
                return r;
        r = directory_read_at(fd, "holders", add_holder, blocks);
        return r == -ENOENT ? 0 : r; /* a hidden NVMe path has no such directory */
}

int block_devices_find(const struct handle *handle, struct snapshot *snapshot, struct arena *arena,
                       struct block_device **ret) {
        struct block_list blocks = {.arena = arena, .end = &blocks.first};
        int r = snapshot_each_block(snapshot, handle, add_child, &blocks);

        /* New devices are appended and examined in their turn; none is added twice */
        for (struct block_device *device = blocks.first; device && r >= 0; device = device->next)
                r = block_list_add_upper(&blocks, device);
        if (r >= 0)
                *ret = blocks.first;
        return r;
}
