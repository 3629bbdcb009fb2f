/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The other network namespaces of the host, a process in each or its name, and their interfaces.
 *
 * Each namespace has a sysfs of its own: that of the thread which opens the file system. It is read
 * without mounting it on a directory. ethtool(8) has the device of an interface as well, but wakes
 * it from runtime suspend. A socket of rtnetlink(7) belongs to the namespace of the thread, too.
 */
#include "network.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cleanup.h"
#include "directory.h"
#include "fd.h"
#include "network_interfaces.h"
#include "rtnetlink.h"

/* Where ip-netns(8) keeps the namespaces to which it gives a name. */
#define NAMED "/run/netns"

#define PLACE_SIZE (sizeof(" in the network namespace of process ()") + NAME_MAX)

struct reader {
        struct snapshot *snapshot;
        int own_fd; /* the caller's namespace */
};

/* What is opened in a namespace; -1: it could not be opened. */
struct namespace_fds {
        int namespace_fd, sysfs_fd, netlink_fd;
};

static void *open_inside(void *userdata) {
        struct namespace_fds *fds = userdata;

        if (setns(fds->namespace_fd, CLONE_NEWNET) < 0)
                return NULL;
        /* glibc has fsopen(), fsconfig() and fsmount() since 2.36 only */
        fds->sysfs_fd = (int)syscall(SYS_fsopen, "sysfs", FSOPEN_CLOEXEC);
        fds->netlink_fd = netlink_open();
        return NULL;
}

/*
 * In a thread of its own, because the caller must stay in its namespace. The caller's signal
 * handlers must not run in that thread.
 */
static void open_in_namespace(struct namespace_fds *fds) {
        sigset_t all, before;
        pthread_t thread;
        int r;

        (void)sigfillset(&all);
        (void)pthread_sigmask(SIG_SETMASK, &all, &before);
        r = pthread_create(&thread, NULL, open_inside, fds);
        (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
        if (r == 0)
                (void)pthread_join(thread, NULL);
}

static void read_own(int sysfs_fd, struct child_devices *ret) {
        _cleanup_close_ int root_fd = -1;

        if (sysfs_fd < 0 || syscall(SYS_fsconfig, sysfs_fd, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
                return;
        root_fd = (int)syscall(SYS_fsmount, sysfs_fd, FSMOUNT_CLOEXEC, MOUNT_ATTR_RDONLY);
        if (root_fd >= 0)
                (void)child_devices_read(root_fd, "class/net", ret);
}

static void read_interfaces(const struct reader *reader, int dir_fd, const char *path,
                            struct network_namespace *namespace) {
        _cleanup_close_ int namespace_fd = openat(dir_fd, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
        struct namespace_fds fds = {namespace_fd, -1, -1};
        uint32_t id;

        if (namespace_fd < 0)
                return;
        open_in_namespace(&fds);
        read_own(fds.sysfs_fd, &namespace->interfaces);
        if (fds.netlink_fd >= 0 && netlink_namespace_id(fds.netlink_fd, reader->own_fd, &id) == 0)
                (void)interfaces_add_foreign(fds.netlink_fd, id, namespace, reader->snapshot);
        fd_close(fds.sysfs_fd);
        fd_close(fds.netlink_fd);
}

static bool is_listed(const struct snapshot *snapshot, ino_t inode) {
        for (const struct network_namespace *namespace = snapshot->network_namespaces; namespace;
             namespace = namespace->next)
                if (namespace->inode == inode)
                        return true;
        return false;
}

static struct network_namespace *add_entry(struct snapshot *snapshot, ino_t inode) {
        struct network_namespace *namespace = arena_take(&snapshot->arena, sizeof(*namespace));

        if (!namespace)
                return NULL;
        namespace->inode = inode;
        namespace->next = snapshot->network_namespaces;
        return snapshot->network_namespaces = namespace;
}

static void format_place(const struct process *process, const char *name, char ret[PLACE_SIZE]) {
        char comm[COMM_SIZE];

        if (!process) {
                (void)snprintf(ret, PLACE_SIZE, " in the network namespace %s", name);
                return;
        }
        process_comm(process, comm);
        (void)snprintf(ret, PLACE_SIZE, " in the network namespace of process %s (%s)",
                       process->pid, comm);
}

/* PROCESS: NULL if PATH is the name of the namespace. */
static int add_namespace(const struct reader *reader, int dir_fd, const char *path,
                         const struct process *process) {
        struct network_namespace *namespace;
        char place[PLACE_SIZE];
        struct stat status;

        if (fstatat(dir_fd, path, &status, 0) < 0)
                return -errno;
        if (is_listed(reader->snapshot, status.st_ino))
                return 0;
        namespace = add_entry(reader->snapshot, status.st_ino);
        if (!namespace)
                return -ENOMEM;
        format_place(process, path, place);
        namespace->place = arena_text(&reader->snapshot->arena, place);
        if (!namespace->place)
                return -ENOMEM;
        read_interfaces(reader, dir_fd, path, namespace);
        return 0;
}

static int add_of_process(const struct process *process, void *userdata) {
        return add_namespace(userdata, process->fd, "ns/net", process);
}

static int add_named(int dir_fd, const char *name, void *userdata) {
        (void)add_namespace(userdata, dir_fd, name, NULL); /* it may be removed in the meantime */
        return 0;
}

/* The caller's own namespace is listed without its interfaces: they were not moved. */
void network_namespaces_read(struct snapshot *snapshot) {
        _cleanup_close_ int own_fd = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
        struct reader reader = {snapshot, own_fd};
        unsigned unexamined = 0;
        struct stat own;

        if (snapshot->network_namespaces || own_fd < 0 || fstat(own_fd, &own) < 0 ||
            !add_entry(snapshot, own.st_ino))
                return;
        (void)processes_each(add_of_process, &reader, &unexamined);
        (void)directory_read_at(AT_FDCWD, NAMED, add_named, &reader);
}

static int copy_name(const char *name, void *userdata) {
        *(const char **)userdata = name;
        return 1;
}

bool network_namespaces_find(struct snapshot *snapshot, const struct handle *handle,
                             struct finding *ret) {
        const char *name;

        network_namespaces_read(snapshot);
        for (const struct network_namespace *namespace = snapshot->network_namespaces; namespace;
             namespace = namespace->next)
                if (child_devices_each(&namespace->interfaces, handle, copy_name, &name) > 0)
                        return finding_set(ret, GUARD_NETWORK, "its interface ", name, " is",
                                           namespace->place);
        return false;
}
