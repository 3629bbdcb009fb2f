/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Guard: a process has the device, or its IOMMU group, open through VFIO. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "guard.h"
#include "open_files.h"
#include "sysfs_link.h"
#include "text.h"
#include "vfio_node.h"

/* The nodes to look for; "" if there is none. */
struct nodes {
        char group[NODE_SIZE], cdev[NODE_SIZE];
};

struct file_search {
        struct nodes nodes;
        struct finding *finding;
};

/* A node that is not in /dev is open nowhere, except in a container that has its own copy of it. */
static int clear_if_missing(char node[NODE_SIZE], int r) {
        if (r >= 0)
                r = link_exists(AT_FDCWD, node);
        if (r <= 0)
                node[0] = '\0';
        return r == -ENOENT || r > 0 ? 0 : r;
}

static int find_nodes(const struct handle *handle, struct nodes *ret) {
        int r = clear_if_missing(ret->group, device_group_node(handle->fd, ret->group));

        return r < 0 ? r : clear_if_missing(ret->cdev, device_cdev(handle->fd, ret->cdev));
}

/*
 * The kernel prints the path of a node that was removed, or created again, as "/dev/vfio/12
 * (deleted)".
 */
static bool is_node(const char *path, const char *node) {
        size_t n = strlen(node);

        return n > 0 && startswith(path, node) && (!path[n] || streq(path + n, " (deleted)"));
}

static int check_file(const struct open_file *file, void *userdata) {
        const struct file_search *search = userdata;
        char path[PATH_MAX];
        ssize_t n = readlinkat(file->fd_fd, file->name, path, sizeof(path) - 1);

        if (n < 0)
                return -errno;
        path[n] = '\0';
        if (is_node(path, search->nodes.group))
                return finding_set_user(search->finding, GUARD_VFIO_USER, file,
                                        search->nodes.group);
        if (is_node(path, search->nodes.cdev))
                return finding_set_user(search->finding, GUARD_VFIO_USER, file, search->nodes.cdev);
        return 0;
}

int guard_vfio_user(const struct guard_target *target, struct finding *ret) {
        struct file_search search = {.finding = ret};
        int r = find_nodes(target->handle, &search.nodes);

        if (r < 0 || (!search.nodes.group[0] && !search.nodes.cdev[0]))
                return r;
        return open_files_each(NULL, check_file, &search);
}
