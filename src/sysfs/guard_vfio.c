/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Guard: a process has the device, or its IOMMU group, open by VFIO. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "cleanup.h"
#include "device.h"
#include "fd.h"
#include "folder.h"
#include "guard.h"
#include "link.h"
#include "text.h"
#include "vfio_node.h"

/* TASK_COMM_LEN of the kernel is 16; its threads' names may be longer. */
#define COMM_SIZE 64

/* Which nodes are looked for: "" where there is none. */
struct nodes {
        char group[NODE_SIZE], cdev[NODE_SIZE];
};

struct search {
        struct nodes nodes;
        const char *pid; /* of the process that is looked at */
        int pid_fd;
        int error; /* why a process could not be looked at; another one may be found yet */
        struct finding *finding;
};

/* A node that is not in /dev was never opened, but in a container whose own /dev mirrors it. */
static int keep_if_there(char node[NODE_SIZE], int r) {
        if (r >= 0)
                r = link_is_there(AT_FDCWD, node);
        if (r <= 0)
                node[0] = '\0';
        return r == -ENOENT || r > 0 ? 0 : r;
}

static int find_nodes(const struct handle *handle, struct nodes *ret) {
        int r = keep_if_there(ret->group, device_group_node(handle->fd, ret->group));

        return r < 0 ? r : keep_if_there(ret->cdev, device_cdev(handle->fd, ret->cdev));
}

/* The kernel shows a node that was unlinked, or made anew, as "/dev/vfio/12 (deleted)". */
static bool is_node(const char *path, const char *node) {
        size_t n = text_length(node);

        return n > 0 && text_starts_with(path, node) &&
               (!path[n] || text_equal(path + n, " (deleted)"));
}

static int say(const struct search *search, const char *node) {
        char comm[COMM_SIZE];

        if (device_attribute(search->pid_fd, "comm", comm, sizeof(comm)) < 0)
                comm[0] = '\0';
        return finding_set(search->finding, GUARD_VFIO_USER, "process ", search->pid, " (", comm,
                           ") has ", node, " open");
}

static int look_at_fd(int dir_fd, const char *name, void *userdata) {
        const struct search *search = userdata;
        char path[PATH_MAX];
        ssize_t n = readlinkat(dir_fd, name, path, sizeof(path) - 1);

        if (n < 0) /* it was closed meanwhile */
                return errno == ENOENT ? 0 : -errno;
        path[n] = '\0';
        if (is_node(path, search->nodes.group))
                return say(search, search->nodes.group);
        return is_node(path, search->nodes.cdev) ? say(search, search->nodes.cdev) : 0;
}

/* A process that ends meanwhile uses nothing any more. */
static int passed_over(struct search *search, int r) {
        if (r == -EACCES || r == -EPERM) {
                search->error = r;
                return 0;
        }
        return r == -ENOENT || r == -ESRCH ? 0 : r;
}

static int look_at_process(int dir_fd, const char *name, void *userdata) {
        struct search *search = userdata;
        _cleanup_close_ int pid_fd = -1, fd = -1;

        if (!text_is_digit(name[0]))
                return 0;
        pid_fd = fd_open_folder(dir_fd, name);
        if (pid_fd < 0)
                return passed_over(search, pid_fd);
        fd = fd_open_folder(pid_fd, "fd");
        if (fd < 0)
                return passed_over(search, fd);
        search->pid = name;
        search->pid_fd = pid_fd;
        return passed_over(search, folder_read(fd, look_at_fd, search));
}

int guard_vfio_user(const struct handle *handle, struct finding *ret) {
        struct search search = {.finding = ret};
        _cleanup_close_ int fd = -1;
        int r = find_nodes(handle, &search.nodes);

        if (r < 0 || (!search.nodes.group[0] && !search.nodes.cdev[0]))
                return r;
        fd = fd_open_folder(AT_FDCWD, "/proc");
        r = fd < 0 ? fd : folder_read(fd, look_at_process, &search);
        return r == 0 ? search.error : r;
}
