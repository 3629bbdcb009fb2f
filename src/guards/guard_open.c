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
#include "fd.h"
#include "guard.h"
#include "open_files.h"
#include "text.h"

/* The size of the begin of proc_pid_fdinfo(5), where "flags:", in octal, is the second line. */
#define FDINFO_SIZE 4096

/* A device node that a process has open. */
struct open_node {
        struct open_node *next;
        dev_t number;
        bool is_block;
        const char *pid, *file; /* /proc/PID/fd/FILE */
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

struct open_list {
        struct arena *arena;
        struct open_node *first, **end;
};

static int add_open_node(const struct open_file *file, void *userdata) {
        struct open_list *list = userdata;
        struct open_node *node;
        struct statx status;

        /* DONT_SYNC: a file server that does not respond must not block the walk */
        if (statx(file->fd_fd, file->name, AT_STATX_DONT_SYNC | AT_NO_AUTOMOUNT, STATX_TYPE,
                  &status) < 0)
                return errno == EACCES || errno == EPERM
                               ? -errno
                               : 0; /* other errors do not occur for a device node */
        if (!S_ISBLK(status.stx_mode) && !S_ISCHR(status.stx_mode))
                return 0;
        node = arena_take(list->arena, sizeof(*node));
        if (!node)
                return -ENOMEM;
        node->number = makedev(status.stx_rdev_major, status.stx_rdev_minor);
        node->is_block = S_ISBLK(status.stx_mode);
        node->pid = arena_text(list->arena, file->pid);
        node->file = arena_text(list->arena, file->name);
        *list->end = node;
        list->end = &node->next;
        return node->pid && node->file ? 0 : -ENOMEM;
}

/* Returns 0, also if a process could not be examined, or a negative errno. */
static int read_open_nodes(struct snapshot *snapshot) {
        struct open_list list = {.arena = &snapshot->arena, .end = &list.first};
        int r;

        if (snapshot->has_open_nodes)
                return 0;
        r = open_files_each(is_examined, add_open_node, &list);
        if (r < 0 && r != -EACCES && r != -EPERM)
                return r;
        snapshot->open_nodes = list.first;
        snapshot->has_open_nodes = true;
        snapshot->open_nodes_error = r;
        return 0;
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
                                           const struct open_node *open) {
        while (node && !(node->is_block == open->is_block && node->number == open->number))
                node = node->next;
        return node;
}

static enum guard guard_of(const struct device_node *node) {
        return node->is_block ? GUARD_BLOCK : node->is_vfio ? GUARD_VFIO_USER : GUARD_OPEN;
}

static int open_process(const char *pid) {
        char path[sizeof("/proc/") + COMM_SIZE];

        return text_join(path, sizeof(path), "/proc/", pid) ? fd_open_directory(AT_FDCWD, path)
                                                            : -ENAMETOOLONG;
}

/* A process that ended, or a file that was closed meanwhile, is no use. */
static bool report_open(const struct open_node *open, const struct device_node *node,
                        struct finding *ret) {
        _cleanup_close_ int fd = open_process(open->pid);
        struct open_file file = {.pid = open->pid, .pid_fd = fd, .fd_fd = -1, .name = open->file};

        if (fd < 0 || is_path_only(&file))
                return false;
        (void)finding_set_user(ret, guard_of(node), &file, node->path);
        return true;
}

/* A finding that force overrides is replaced by a later one that force does not override. */
static bool check_open(const struct device_node *nodes, const struct open_node *open,
                       struct finding *ret) {
        bool found = false;

        for (; open; open = open->next) {
                const struct device_node *node = find_node(nodes, open);

                if (!node || (found && guard_can_be_forced(guard_of(node))) ||
                    !report_open(open, node, ret))
                        continue;
                found = true;
                if (!guard_can_be_forced(guard_of(node)))
                        break;
        }
        return found;
}

int guard_open(const struct guard_target *target, struct finding *ret) {
        _cleanup_(arena_done) struct arena arena = {};
        struct device_node *nodes;
        int r = device_nodes_find(target->handle, target->snapshot, &arena, &nodes);

        if (r < 0 || !nodes)
                return r;
        r = read_open_nodes(target->snapshot);
        if (r < 0)
                return r;
        return check_open(nodes, target->snapshot->open_nodes, ret)
                       ? 1
                       : target->snapshot->open_nodes_error;
}
