/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Guards: a process has a device node open or mapped that the device's driver created, or has the
 * device open through VFIO.
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
#include "processes.h"
#include "text.h"

/* The size of the begin of proc_pid_fdinfo(5), where "flags:", in octal, is the second line. */
#define FDINFO_SIZE 4096

/* A device node that a process has open or mapped. */
struct open_node {
        struct open_node *next;
        dev_t number;
        bool is_block;
        bool is_unread;         /* the kernel does not allow to read number and is_block */
        const char *mapped;     /* as in struct open_file */
        const char *pid, *file; /* /proc/PID/fd/FILE */
};

/*
 * Processes that have nodes open but do not depend on them are not examined. udevd opens each new
 * device. systemd-logind watches keyboards for the power key, and passes the nodes of a session to
 * the compositor, which is examined itself.
 */
static bool is_watcher(const struct process *process) {
        static const char *const watchers[] = {"(udev-worker)", "systemd-udevd", "udevd",
                                               "systemd-logind", "elogind-daemon"};
        char comm[COMM_SIZE];
        struct stat status;

        /* Any user can give a process such a name */
        if (fstat(process->fd, &status) < 0 || status.st_uid != 0)
                return false;
        process_comm(process, comm);
        for (size_t i = 0; i < sizeof(watchers) / sizeof(watchers[0]); i++)
                if (streq(comm, watchers[i]))
                        return true;
        return false;
}

struct open_list {
        struct arena *arena;
        struct open_node *first, **end;
};

static int add_open_node(struct open_list *list, const struct open_file *file,
                         const struct open_node *node) {
        struct open_node *added = arena_take(list->arena, sizeof(*added));

        if (!added)
                return -ENOMEM;
        *added = *node;
        added->mapped = file->mapped ? arena_text(list->arena, file->mapped) : NULL;
        added->pid = arena_text(list->arena, file->process->pid);
        added->file = arena_text(list->arena, file->name);
        *list->end = added;
        list->end = &added->next;
        return added->pid && added->file && (added->mapped || !file->mapped) ? 0 : -ENOMEM;
}

static int check_file(const struct open_file *file, void *userdata) {
        struct statx status;

        /* DONT_SYNC: a file server that does not respond must not block the walk */
        if (statx(file->dir_fd, file->name, AT_STATX_DONT_SYNC | AT_NO_AUTOMOUNT, STATX_TYPE,
                  &status) < 0) {
                if (errno != EACCES && errno != EPERM)
                        return 0; /* does not occur for a device node */
                /* Mappings need CAP_CHECKPOINT_RESTORE, which a user namespace does not have */
                return file->mapped ? add_open_node(userdata, file,
                                                    &(struct open_node){.is_unread = true})
                                    : -errno;
        }
        if (!S_ISBLK(status.stx_mode) && !S_ISCHR(status.stx_mode))
                return 0;
        return add_open_node(
                userdata, file,
                &(struct open_node){.number = makedev(status.stx_rdev_major, status.stx_rdev_minor),
                                    .is_block = S_ISBLK(status.stx_mode)});
}

static int check_process(const struct process *process, void *userdata) {
        return is_watcher(process) ? 0 : open_files_each(process, check_file, userdata);
}

/* Returns 0, also if a process could not be examined, or a negative errno. */
static int read_open_nodes(struct snapshot *snapshot) {
        struct open_list list = {.arena = &snapshot->arena, .end = &list.first};
        unsigned unexamined = 0;
        int r;

        if (snapshot->has_open_nodes)
                return 0;
        r = processes_each(check_process, &list, &unexamined);
        if (r < 0)
                return r;
        snapshot->open_nodes = list.first;
        snapshot->has_open_nodes = true;
        if (unexamined > snapshot->unexamined)
                snapshot->unexamined = unexamined;
        return 0;
}

/* A descriptor of O_PATH does not open the device. */
static bool is_path_only(const struct open_file *file) {
        char name[sizeof("fdinfo/") + COMM_SIZE], text[FDINFO_SIZE];
        const char *flags;

        if (file->mapped || !text_join(name, sizeof(name), "fdinfo/", file->name) ||
            device_attribute(file->process->fd, name, text, sizeof(text)) < 0)
                return false;
        flags = strstr(text, "flags:\t");
        if (!flags)
                return false;
        flags += sizeof("flags:\t") - 1;
        return text_take_number(&flags, 8) & O_PATH;
}

static bool is_node(const struct device_node *node, const struct open_node *open) {
        return open->is_unread ? streq(node->mapped, open->mapped)
                               : node->is_block == open->is_block && node->number == open->number;
}

static const struct device_node *find_node(const struct device_node *node,
                                           const struct open_node *open) {
        while (node && !is_node(node, open))
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
        const struct process process = {open->pid, fd};
        const struct open_file file = {
                .process = &process, .mapped = open->mapped, .dir_fd = -1, .name = open->file};

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

int find_node_user(const struct device_node *nodes, struct snapshot *snapshot,
                   struct finding *ret) {
        int r = nodes ? read_open_nodes(snapshot) : 0;

        if (r < 0 || !nodes)
                return r;
        return check_open(nodes, snapshot->open_nodes, ret)
                       ? 1
                       : finding_set_unexamined(ret, snapshot->unexamined);
}

int guard_open(const struct guard_target *target, struct finding *ret) {
        _cleanup_(arena_done) struct arena arena = {};
        struct device_node *nodes;
        int r = device_nodes_find(target->handle, target->snapshot, &arena, &nodes);

        return r < 0 ? r : find_node_user(nodes, target->snapshot, ret);
}

/* Removes the nodes from the list that are not of VFIO. */
static void keep_vfio(struct device_node **nodes) {
        while (*nodes)
                if ((*nodes)->is_vfio)
                        nodes = &(*nodes)->next;
                else
                        *nodes = (*nodes)->next;
}

int guard_vfio_user(const struct guard_target *target, struct finding *ret) {
        _cleanup_(arena_done) struct arena arena = {};
        struct device_node *nodes;
        int r = device_nodes_find(target->handle, target->snapshot, &arena, &nodes);

        if (r < 0)
                return r;
        keep_vfio(&nodes);
        return find_node_user(nodes, target->snapshot, ret);
}
