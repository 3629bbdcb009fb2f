/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The other network namespaces of the host, a process in each, and their interfaces.
 *
 * Each namespace has a sysfs of its own: that of the thread which opens the file system. It is read
 * without mounting it on a directory. ethtool(8) has the device of an interface as well, but wakes
 * it from runtime suspend.
 */
#include "network_namespaces.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cleanup.h"

/* USERDATA: a descriptor of the namespace, which becomes that of the file system, or -1. */
static void *open_sysfs(void *userdata) {
        int *fd = userdata;

        /* glibc has fsopen(), fsconfig() and fsmount() since 2.36 only */
        *fd = setns(*fd, CLONE_NEWNET) < 0 ? -1 : (int)syscall(SYS_fsopen, "sysfs", FSOPEN_CLOEXEC);
        return NULL;
}

/*
 * In a thread of its own, because the caller must stay in its namespace. The caller's signal
 * handlers must not run in that thread.
 */
static int open_sysfs_in(int namespace_fd) {
        sigset_t all, before;
        pthread_t thread;
        int fd = namespace_fd, r;

        (void)sigfillset(&all);
        (void)pthread_sigmask(SIG_SETMASK, &all, &before);
        r = pthread_create(&thread, NULL, open_sysfs, &fd);
        (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
        if (r != 0)
                return -1;
        (void)pthread_join(thread, NULL);
        return fd;
}

static void read_interfaces(const struct process *process, struct child_devices *ret) {
        _cleanup_close_ int namespace_fd = openat(process->fd, "ns/net", O_RDONLY | O_CLOEXEC);
        _cleanup_close_ int fd = namespace_fd < 0 ? -1 : open_sysfs_in(namespace_fd);
        _cleanup_close_ int root_fd = -1;

        if (fd < 0 || syscall(SYS_fsconfig, fd, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
                return;
        root_fd = (int)syscall(SYS_fsmount, fd, FSMOUNT_CLOEXEC, MOUNT_ATTR_RDONLY);
        if (root_fd >= 0)
                (void)child_devices_read(root_fd, "class/net", ret);
}

static bool is_listed(const struct snapshot *snapshot, ino_t inode) {
        for (const struct network_namespace *namespace = snapshot->network_namespaces; namespace;
             namespace = namespace->next)
                if (namespace->inode == inode)
                        return true;
        return false;
}

static struct network_namespace *add_namespace(struct snapshot *snapshot, ino_t inode) {
        struct network_namespace *namespace = arena_take(&snapshot->arena, sizeof(*namespace));

        if (!namespace)
                return NULL;
        namespace->inode = inode;
        namespace->next = snapshot->network_namespaces;
        return snapshot->network_namespaces = namespace;
}

static int add_of_process(const struct process *process, void *userdata) {
        struct snapshot *snapshot = userdata;
        struct network_namespace *namespace;
        struct stat status;

        if (fstatat(process->fd, "ns/net", &status, 0) < 0)
                return -errno;
        if (is_listed(snapshot, status.st_ino))
                return 0;
        namespace = add_namespace(snapshot, status.st_ino);
        if (!namespace)
                return -ENOMEM;
        namespace->pid = arena_text(&snapshot->arena, process->pid);
        if (!namespace->pid)
                return -ENOMEM;
        process_comm(process, namespace->comm);
        read_interfaces(process, &namespace->interfaces);
        return 0;
}

/*
 * What cannot be read is missing: it only makes the finding more precise. The caller's own
 * namespace is listed without its interfaces: they were not moved.
 */
static void read_namespaces(struct snapshot *snapshot) {
        unsigned unexamined = 0;
        struct stat own;

        if (stat("/proc/thread-self/ns/net", &own) == 0 && add_namespace(snapshot, own.st_ino))
                (void)processes_each(add_of_process, snapshot, &unexamined);
}

static int copy_name(const char *name, void *userdata) {
        *(const char **)userdata = name;
        return 1;
}

bool network_namespaces_find(struct snapshot *snapshot, const struct handle *handle,
                             struct finding *ret) {
        const char *name;

        if (!snapshot->network_namespaces)
                read_namespaces(snapshot);
        for (const struct network_namespace *namespace = snapshot->network_namespaces; namespace;
             namespace = namespace->next)
                if (child_devices_each(&namespace->interfaces, handle, copy_name, &name) > 0)
                        return finding_set(ret, GUARD_NETWORK, "its interface ", name,
                                           " is in the network namespace of process ",
                                           namespace->pid, " (", namespace->comm, ")");
        return false;
}
