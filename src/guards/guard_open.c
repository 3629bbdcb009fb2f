/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Guard: a process has a device node open that the device's driver created.
 *
 * Many drivers wait in their remove function until the last user has closed the node. Others
 * discard the data of the user.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "cleanup.h"
#include "device.h"
#include "device_nodes.h"
#include "guard.h"
#include "open_files.h"
#include "text.h"

/* The size of the begin of proc_pid_fdinfo(5), where "flags:", in octal, is the second line. */
#define FDINFO_SIZE 4096

struct file_search {
        const struct device_node *nodes;
        struct finding *finding;
        bool found;
};

/*
 * Processes that have nodes open but do not depend on them are not examined. udevd opens each new
 * device. systemd-logind watches keyboards for the power key, and passes the nodes of a session to
 * the compositor, which is examined itself.
 */
static bool is_examined(const struct open_file *process) {
        static const char *const watchers[] = {"(udev-worker)", "systemd-udevd", "udevd",
                                               "systemd-logind", "elogind-daemon"};
        char comm[COMM_SIZE];
        struct stat status;

        /* Any user can give a process such a name */
        if (fstat(process->pid_fd, &status) < 0 || status.st_uid != 0)
                return true;
        open_file_comm(process, comm);
        for (size_t i = 0; i < sizeof(watchers) / sizeof(watchers[0]); i++)
                if (streq(comm, watchers[i]))
                        return false;
        return true;
}

/* A descriptor of O_PATH does not open the device. */
static bool is_path_only(const struct open_file *file) {
        char name[sizeof("fdinfo/") + COMM_SIZE], text[FDINFO_SIZE];
        const char *flags;
        unsigned number = 0;

        if (!text_join(name, sizeof(name), "fdinfo/", file->name) ||
            device_attribute(file->pid_fd, name, text, sizeof(text)) < 0)
                return false;
        flags = strstr(text, "flags:\t");
        if (!flags)
                return false;
        for (flags += sizeof("flags:\t") - 1; text_is_digit(*flags); flags++)
                number = number * 8 + (unsigned)(*flags - '0');
        return number & O_PATH;
}

static const struct device_node *find_node(const struct device_node *node,
                                           const struct statx *status) {
        for (; node; node = node->next)
                if (node->is_block == S_ISBLK(status->stx_mode) &&
                    major(node->number) == status->stx_rdev_major &&
                    minor(node->number) == status->stx_rdev_minor)
                        return node;
        return NULL;
}

static enum guard guard_of(const struct device_node *node) {
        return node->is_block ? GUARD_BLOCK : node->is_vfio ? GUARD_VFIO_USER : GUARD_OPEN;
}

static int check_file(const struct open_file *file, void *userdata) {
        struct file_search *search = userdata;
        const struct device_node *node;
        struct statx status;

        /* DONT_SYNC: a file server that does not respond must not block the walk */
        if (statx(file->fd_fd, file->name, AT_STATX_DONT_SYNC | AT_NO_AUTOMOUNT, STATX_TYPE,
                  &status) < 0)
                return errno == EACCES || errno == EPERM
                               ? -errno
                               : 0; /* other errors do not occur for a device node */
        if (!S_ISBLK(status.stx_mode) && !S_ISCHR(status.stx_mode))
                return 0;
        node = find_node(search->nodes, &status);
        if (!node || is_path_only(file) || (search->found && guard_can_be_forced(guard_of(node))))
                return 0;
        search->found = true;
        (void)finding_set_user(search->finding, guard_of(node), file, node->path);
        /* Continue: a later node may be of a guard that force does not override */
        return !guard_can_be_forced(guard_of(node));
}

int guard_open(const struct handle *handle, struct finding *ret) {
        _cleanup_(arena_done) struct arena arena = {};
        struct file_search search = {.finding = ret};
        struct device_node *nodes;
        int r = device_nodes_find(handle, &arena, &nodes);

        if (r < 0 || !nodes)
                return r;
        search.nodes = nodes;
        r = open_files_each(is_examined, check_file, &search);
        return search.found ? 1 : r;
}
