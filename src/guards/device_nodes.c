/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The device nodes that the drivers of a device have created, and whether one of its network
 * interfaces is in another network namespace: both are found in one walk through its directory.
 */
#include "device_nodes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "block_devices.h"
#include "cleanup.h"
#include "directory.h"
#include "fd.h"
#include "sysfs_link.h"
#include "text.h"
#include "vfio_node.h"

/*
 * A USB disk connected through three hubs is 20 levels deep. Each level keeps a file descriptor
 * open.
 */
#define DEPTH_MAX 64
/* The kernel allows 2048 bytes: UEVENT_BUFFER_SIZE in include/linux/kobject.h */
#define UEVENT_SIZE 2048
/* NV_MAJOR_DEVICE_NUMBER of NVIDIA's driver */
#define NVIDIA_MAJOR   "195"
#define NODE_PATH_SIZE (sizeof("/dev/") + SYSNAME_SIZE)

struct walk {
        struct arena *arena;
        struct device_node *nodes;
        bool has_moved; /* a network interface is in another network namespace */
};

/* A directory that is read. */
struct level {
        struct walk *walk;
        const char *name;
        unsigned depth, n_directories;
};

/* Parses "259:0". Returns false for another form. */
static bool parse_number(const char *text, dev_t *ret) {
        unsigned number;

        if (!text_is_digit(*text))
                return false;
        number = text_take_number(&text, 10);
        if (*text++ != ':' || !text_is_number(text))
                return false;
        *ret = makedev(number, text_take_number(&text, 10));
        return true;
}

/* The path of the node: from the line DEVNAME=, or else NAME, as in devtmpfs. */
static const char *make_path(struct arena *arena, int fd, const char *name) {
        char uevent[UEVENT_SIZE], path[NODE_PATH_SIZE];
        char *line = device_attribute(fd, "uevent", uevent, sizeof(uevent)) < 0
                             ? NULL
                             : strstr(uevent, "DEVNAME=");

        if (line && (line == uevent || line[-1] == '\n')) {
                name = line + sizeof("DEVNAME=") - 1;
                line[strcspn(line, "\n")] = '\0';
        }
        return text_join(path, sizeof(path), "/dev/", name) ? arena_text(arena, path) : NULL;
}

static int node_list_add(struct walk *walk, const struct device_node *node) {
        struct device_node *added = arena_take(walk->arena, sizeof(*added));
        struct stat status;

        if (!added || !node->path)
                return -ENOMEM;
        *added = *node;
        if (lstat(node->path, &status) == 0)
                (void)snprintf(added->mapped, sizeof(added->mapped), "%02x:%02x %ju",
                               major(status.st_dev), minor(status.st_dev),
                               (uintmax_t)status.st_ino);
        added->next = walk->nodes;
        walk->nodes = added;
        return 0;
}

/* Adds the node of the directory FD, which has the attribute "dev". */
static int add_node(struct walk *walk, int fd, const char *name) {
        struct device_node node = {};
        char number[BLOCK_NUMBER_SIZE], subsystem[NAME_SIZE];
        int r = device_attribute(fd, "dev", number, sizeof(number));

        if (r < 0 || !parse_number(number, &node.number))
                return r == -ENOENT || r == -ENODEV || r >= 0 ? 0 : r;
        if (link_name(fd, "subsystem", subsystem, sizeof(subsystem)) >= 0) {
                node.is_block = streq(subsystem, "block");
                node.is_vfio = streq(subsystem, "vfio-dev");
        }
        node.path = make_path(walk->arena, fd, name);
        return node_list_add(walk, &node);
}

/* Adds the node PATH. NUMBER: "259:0"; another form is ignored. */
static int add_numbered(struct walk *walk, struct device_node node, const char *number,
                        const char *path) {
        if (!parse_number(number, &node.number))
                return 0;
        node.path = arena_text(walk->arena, path);
        return node_list_add(walk, &node);
}

/* The same; the attribute ATTRIBUTE has the number, if there is such a node. */
static int add_of_attribute(struct walk *walk, struct device_node node, const char *attribute,
                            const char *path) {
        char number[BLOCK_NUMBER_SIZE];
        int r = device_attribute(AT_FDCWD, attribute, number, sizeof(number));

        if (r < 0)
                return r == -ENOENT ? 0 : r;
        return add_numbered(walk, node, number, path);
}

/*
 * Adds the IOMMU group of the directory FD: that of the device, or of a mediated device that its
 * driver has created. A VMM has the node of the group open. It exists while VFIO uses the group.
 */
static int add_group(struct walk *walk, int fd) {
        char path[NODE_SIZE], attribute[sizeof("/sys/class/vfio//dev") + NODE_SIZE];
        int r = device_group_node(fd, path);

        if (r < 0)
                return r == -ENOENT ? 0 : r;
        (void)snprintf(attribute, sizeof(attribute), "/sys/class/vfio/%s/dev",
                       path + sizeof("/dev/vfio/") - 1);
        return add_of_attribute(walk, (struct device_node){.is_vfio = true}, attribute, path);
}

static int visit_entry(int dir_fd, const char *name, bool may_be_directory, void *userdata);

/*
 * Returns the number of directories in a directory, those of other network namespaces included: its
 * links, except for its name and ".". Returns 0 if it was removed.
 */
static unsigned count_directories(int fd) {
        struct stat status;

        return fstat(fd, &status) < 0 || status.st_nlink < 2 ? 0 : (unsigned)status.st_nlink - 2;
}

/*
 * A directory net/ of sysfs lists the interfaces of one network namespace, but its link count
 * includes those of all: kernfs_refresh_inode() in fs/kernfs/inode.c of the kernel. The link count
 * is read before and after: an interface can be removed in between.
 */
static int visit_net(int fd, struct level *level) {
        unsigned before = count_directories(fd);
        int r = directory_read_entries(fd, visit_entry, level);

        if (before > level->n_directories && count_directories(fd) > level->n_directories)
                level->walk->has_moved = true;
        return r;
}

static int visit_directory(const struct level *above, int dir_fd, const char *name) {
        _cleanup_close_ int fd =
                openat(dir_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        struct level level = {above->walk, name, above->depth + 1, 0};
        int r;

        if (fd < 0) /* an attribute or a link; or it was removed meanwhile */
                return errno == ENOTDIR || errno == ELOOP || errno == ENOENT ? 0 : -errno;
        if (level.depth > DEPTH_MAX)
                return -ELOOP;
        r = streq(name, "net") ? visit_net(fd, &level)
                               : directory_read_entries(fd, visit_entry, &level);
        return r == -ENOENT ? 0 : r;
}

static int visit_entry(int dir_fd, const char *name, bool may_be_directory, void *userdata) {
        struct level *level = userdata;

        level->n_directories += may_be_directory;
        if (streq(name, "dev"))
                return add_node(level->walk, dir_fd, level->name);
        if (streq(name, "iommu_group"))
                return add_group(level->walk, dir_fd);
        return may_be_directory ? visit_directory(level, dir_fd, name) : 0;
}

/*
 * Adds the node of the NVMe namespace NAME, "nvme0n1", for commands that are passed through:
 * /dev/ng0n1. With multipath it is below no device, as its block device.
 */
static int add_nvme_generic(struct walk *walk, const char *name) {
        char attribute[sizeof("/sys/class/nvme-generic/ng/dev") + SYSNAME_SIZE];
        char path[NODE_PATH_SIZE];

        if (!startswith(name, "nvme"))
                return 0;
        name += sizeof("nvme") - 1;
        (void)snprintf(path, sizeof(path), "/dev/ng%s", name);
        (void)snprintf(attribute, sizeof(attribute), "/sys/class/nvme-generic/ng%s/dev", name);
        return add_of_attribute(walk, (struct device_node){}, attribute, path);
}

static int add_block_devices(struct walk *walk, const struct handle *handle,
                             struct snapshot *snapshot) {
        struct block_device *block;
        int r = block_devices_find(handle, snapshot, walk->arena, &block);

        for (; r == 0 && block; block = block->next) {
                r = add_numbered(walk, (struct device_node){.is_block = true}, block->number,
                                 block->node);
                if (r == 0)
                        r = add_nvme_generic(walk, block->name);
        }
        return r;
}

/*
 * NVIDIA's own driver has nodes that sysfs does not list. The minor number is in
 * /proc/driver/nvidia. Source: nv_procfs_read_gpu_info() in kernel-open/nvidia/nv-procfs.c of
 * github.com/NVIDIA/open-gpu-kernel-modules.
 */
static int add_nvidia(struct walk *walk, const struct handle *handle) {
        static const char key[] = "Device Minor:";
        char path[sizeof("/proc/driver/nvidia/gpus//information") + SYSNAME_SIZE];
        char text[UEVENT_SIZE], number[BLOCK_NUMBER_SIZE];
        const char *minor_number;
        int r;

        if (!startswith(handle->modalias, "pci:v000010DE"))
                return 0;
        (void)snprintf(path, sizeof(path), "/proc/driver/nvidia/gpus/%s/information",
                       handle->sysname);
        r = device_attribute(AT_FDCWD, path, text, sizeof(text));
        minor_number = r < 0 ? NULL : strstr(text, key);
        if (!minor_number)
                return r == -ENOENT || r >= 0 ? 0 : r;
        minor_number += sizeof(key) - 1;
        minor_number += strspn(minor_number, " \t");
        (void)snprintf(number, sizeof(number), NVIDIA_MAJOR ":%.*s",
                       (int)strspn(minor_number, "0123456789"), minor_number);
        (void)snprintf(path, sizeof(path), "/dev/nvidia%s", number + sizeof(NVIDIA_MAJOR));
        return add_numbered(walk, (struct device_node){}, number, path);
}

int device_nodes_find(const struct handle *handle, struct snapshot *snapshot, struct arena *arena,
                      struct device_node **ret) {
        struct walk walk = {.arena = arena};
        struct level level = {.walk = &walk, .name = handle->sysname};
        _cleanup_close_ int fd = fd_open_directory(handle->fd, ".");
        int r = fd < 0 ? fd : directory_read_entries(fd, visit_entry, &level);

        if (r == 0)
                r = add_nvidia(&walk, handle);
        if (r == 0)
                r = add_block_devices(&walk, handle, snapshot);
        if (r < 0)
                return r;
        snapshot->walked_inode = handle->inode;
        snapshot->has_moved = walk.has_moved;
        *ret = walk.nodes;
        return 0;
}
