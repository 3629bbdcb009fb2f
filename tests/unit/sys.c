/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A small /sys for a test, in a mount and a network namespace of its own. */
#include "sys.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "fd.h"
#include "unit.h"

/* More than are ever in use at once. */
#define N_PATHS 16

const char *sys_path(const char *format, ...) {
        static char paths[N_PATHS][PATH_MAX];
        static unsigned next;
        char *path = paths[next++ % N_PATHS];
        va_list arguments;

        va_start(arguments, format);
        ck_assert_int_lt(vsnprintf(path, PATH_MAX, format, arguments), PATH_MAX);
        va_end(arguments);
        return path;
}

static void write_text(const char *path, const char *text, int flags) {
        const struct iovec all = {(char *)text, strlen(text)};
        int fd = open(path, O_WRONLY | O_CLOEXEC | flags, 0644);

        ck_assert_msg(fd >= 0, "%s: %s", path, strerror(errno));
        /* Not by write(2): a test may have its own, as kernel.c does */
        ck_assert_int_eq(writev(fd, &all, 1), (ssize_t)strlen(text));
        fd_close(fd);
}

/* Files of a tmpfs have an owner, which must exist in the user namespace. */
static void map_user(unsigned user, unsigned group) {
        write_text("/proc/self/setgroups", "deny", 0);
        write_text("/proc/self/uid_map", sys_path("0 %u 1", user), 0);
        write_text("/proc/self/gid_map", sys_path("0 %u 1", group), 0);
}

static void uncover_proc(void) {
        (void)umount2("/proc", MNT_DETACH);
}

void sys_cover(const char *directory) {
        ck_assert_int_eq(mount("unit", directory, "tmpfs", 0, NULL), 0);
        if (strcmp(directory, "/proc") == 0) /* a sanitizer wants it in the end */
                ck_assert_int_eq(atexit(uncover_proc), 0);
}

void sys_enter(void) {
        unsigned user = geteuid(), group = getegid();

        ck_assert_msg(unshare(CLONE_NEWNS | CLONE_NEWNET | (user ? CLONE_NEWUSER : 0)) == 0,
                      "no name spaces here: %s", strerror(errno));
        if (user)
                map_user(user, group);
        ck_assert_int_eq(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL), 0);
        sys_cover("/sys");
        sys_directory("/sys/bus/pci/devices");
        sys_file("/sys/bus/pci/drivers_probe", "");
}

void sys_directory(const char *path) {
        char above[PATH_MAX];

        (void)snprintf(above, sizeof(above), "%s", path);
        for (char *slash = above + 1; (slash = strchr(slash, '/')); slash++) {
                *slash = '\0';
                ck_assert(mkdir(above, 0755) == 0 || errno == EEXIST);
                *slash = '/';
        }
        ck_assert(mkdir(above, 0755) == 0 || errno == EEXIST);
}

static void directory_above(const char *path) {
        const char *name = strrchr(path, '/');

        ck_assert_ptr_nonnull(name);
        sys_directory(sys_path("%.*s", (int)(name - path), path));
}

void sys_file(const char *path, const char *text) {
        directory_above(path);
        write_text(path, text, O_CREAT | O_TRUNC);
}

void sys_link(const char *path, const char *target) {
        directory_above(path);
        (void)unlink(path);
        ck_assert_int_eq(symlink(target, path), 0);
}

const char *sys_text(const char *path) {
        static char text[4096];
        int fd = fd_open_file(AT_FDCWD, path);
        ssize_t n = read(fd, text, sizeof(text) - 1);

        ck_assert_msg(n >= 0, "%s: %s", path, strerror(errno));
        fd_close(fd);
        text[n] = '\0';
        if (n > 0 && text[n - 1] == '\n')
                text[n - 1] = '\0';
        return text;
}

void sys_device(const char *sysname) {
        const char *directory = sys_path(SYS_ROOT "%s", sysname);

        sys_class(sysname, "bc02sc00i00");
        sys_file(sys_path("%s/driver_override", directory), "(null)\n");
        sys_link(sys_path("%s/subsystem", directory), "../../../bus/pci");
        sys_link(sys_path("/sys/bus/pci/devices/%s", sysname),
                 sys_path("../../../devices/pci0000:00/%s", sysname));
}

void sys_class(const char *sysname, const char *class) {
        sys_file(sys_path(SYS_ROOT "%s/modalias", sysname),
                 sys_path("pci:v00008086d000010D3sv0sd0%s\n", class));
}

void sys_group(const char *sysname, const char *group) {
        sys_link(sys_path(SYS_ROOT "%s/iommu_group", sysname),
                 sys_path("../../../kernel/iommu_groups/%s", group));
        sys_link(sys_path("/sys/kernel/iommu_groups/%s/devices/%s", group, sysname),
                 sys_path("../../../../devices/pci0000:00/%s", sysname));
}

void sys_driver(const char *name, const char *module) {
        sys_file(sys_path(SYS_DRIVERS "%s/bind", name), "");
        sys_file(sys_path(SYS_DRIVERS "%s/unbind", name), "");
        if (!module)
                return;
        sys_link(sys_path(SYS_DRIVERS "%s/module", name),
                 sys_path("../../../../module/%s", module));
        sys_link(sys_path("/sys/module/%s/drivers/pci:%s", module, name),
                 sys_path("../../../bus/pci/drivers/%s", name));
}

void sys_hold(const char *sysname, const char *driver) {
        const char *link = sys_path(SYS_ROOT "%s/driver", sysname);

        if (driver)
                sys_link(link, sys_path("../../../bus/pci/drivers/%s", driver));
        else
                (void)unlink(link);
}

struct handle sys_open(const char *sysname) {
        struct handle handle;

        ck_assert_int_eq(handle_open(device_open(sysname), &handle), 0);
        return handle;
}
