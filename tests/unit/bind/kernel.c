/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A kernel for one test: it answers what is written to the /sys of sys.h, as drivers/base does. */
#include "kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "directory.h"
#include "driver.h"
#include "fd.h"
#include "sys.h"
#include "sysfs_link.h"
#include "unit.h"

static struct kernel *kernel;
static bool busy;

static bool ends_with(const char *path, const char *end) {
        size_t n = strlen(path), n_end = strlen(end);

        return n >= n_end && strcmp(path + n - n_end, end) == 0;
}

static bool is_loaded(const struct kernel_driver *driver) {
        return link_exists(AT_FDCWD, sys_path(SYS_DRIVERS "%s", driver->name)) > 0;
}

/* The name of the driver of DEVICE, "" for none; as driver_override has it. */
static void read_driver(const char *device, char ret[DRIVER_SIZE]) {
        if (link_name(AT_FDCWD, sys_path(SYS_ROOT "%s/driver", device), ret, DRIVER_SIZE) < 0)
                ret[0] = '\0';
}

/* driver_match_device(): an override admits that one alone. */
static bool matches(const char *device, const struct kernel_driver *driver) {
        const char *override = sys_text(sys_path(SYS_ROOT "%s/driver_override", device));

        return strcmp(override, "(null)") == 0 ? driver->native
                                               : strcmp(override, driver->name) == 0;
}

static int probe(const char *device, const struct kernel_driver *driver) {
        if (driver->probe == KERNEL_REFUSES)
                return -EIO;
        sys_hold(device, driver->name);
        if (driver->vfio)
                sys_directory(sys_path(SYS_ROOT "%s/vfio-dev/vfio0", device));
        return 0;
}

/* device_attach(): each driver that matches, until one takes it. Success either way. */
static void attach(const char *device) {
        char current[DRIVER_SIZE];

        read_driver(device, current);
        for (const struct kernel_driver *driver = kernel->drivers; driver->name && !current[0];
             driver++)
                if (is_loaded(driver) && matches(device, driver) && probe(device, driver) == 0)
                        return;
}

static void release(const char *device) {
        sys_hold(device, NULL);
        (void)rmdir(sys_path(SYS_ROOT "%s/vfio-dev/vfio0", device));
        (void)rmdir(sys_path(SYS_ROOT "%s/vfio-dev", device));
}

static bool is_on_bus(const char *device) {
        return link_exists(AT_FDCWD, sys_path("/sys/bus/pci/devices/%s", device)) > 0;
}

/* unbind_store() of DRIVER */
static int unbind(const char *driver, const char *device) {
        char current[DRIVER_SIZE];

        read_driver(device, current);
        if (!is_on_bus(device) || strcmp(current, driver) != 0)
                return -ENODEV;
        release(device);
        return 0;
}

/* bind_store() of DRIVER */
static int bind(const char *name, const char *device) {
        char current[DRIVER_SIZE];

        read_driver(device, current);
        for (const struct kernel_driver *driver = kernel->drivers; driver->name; driver++)
                if (strcmp(driver->name, name) == 0 && is_on_bus(device) && matches(device, driver))
                        return current[0] ? -EBUSY : probe(device, driver);
        return -ENODEV;
}

__attribute__((format(printf, 1, 2))) static void note(const char *format, ...) {
        size_t n = strlen(kernel->log);
        va_list arguments;

        va_start(arguments, format);
        (void)vsnprintf(kernel->log + n, sizeof(kernel->log) - n, format, arguments);
        va_end(arguments);
}

/* NAME of /sys/bus/pci/drivers/NAME/bind */
static const char *driver_of(const char *path) {
        const char *name = path + strlen(SYS_DRIVERS);

        ck_assert_msg(strncmp(path, SYS_DRIVERS, strlen(SYS_DRIVERS)) == 0, "%s", path);
        return sys_path("%.*s", (int)(strchr(name, '/') - name), name);
}

static int store_override(const char *path, const char *value) {
        bool cleared = strcmp(value, "\n") == 0;

        note("override=%s;", cleared ? "" : value);
        sys_file(path, cleared ? "(null)\n" : sys_path("%s\n", value));
        return 0;
}

static int answer(const char *path, const char *value) {
        if (ends_with(path, "/driver_override"))
                return store_override(path, value);
        if (ends_with(path, "/unbind")) {
                note("unbind=%s;", driver_of(path));
                return unbind(driver_of(path), value);
        }
        if (ends_with(path, "/bind")) {
                note("bind=%s;", driver_of(path));
                return bind(driver_of(path), value);
        }
        ck_assert_msg(strcmp(path, "/sys/bus/pci/drivers_probe") == 0, "%s", path);
        note("probe;");
        if (!is_on_bus(value))
                return -ENODEV;
        if (kernel->not_yet > 0)
                kernel->not_yet--;
        else
                attach(value);
        return 0;
}

/* What was ordered to happen to this write. */
static int accident(const char *path) {
        void (*before)(void) = kernel->before;

        kernel->n_writes++;
        if (before && kernel->n_writes == kernel->before_write)
                before();
        if (!kernel->fails || !ends_with(path, kernel->fails))
                return 0;
        return --kernel->fails_at == 0 ? kernel->error : 0;
}

/* Is FD an attribute? *ret: its path. */
static bool is_in_sys(int fd, char ret[PATH_MAX]) {
        ssize_t n = readlink(sys_path("/proc/self/fd/%d", fd), ret, PATH_MAX - 1);

        if (n < 0)
                return false;
        ret[n] = '\0';
        return strncmp(ret, "/sys/", 5) == 0;
}

/* All writes of this program come here; those of libc itself do not. */
__attribute__((visibility("default"))) ssize_t write(int fd, const void *buffer, size_t size) {
        char path[PATH_MAX];
        int r;

        if (!kernel || busy || !is_in_sys(fd, path))
                return syscall(SYS_write, fd, buffer, size);
        busy = true; /* what it writes itself has no answer */
        r = accident(path);
        if (r == 0 && is_in_sys(fd, path)) /* it may have been moved */
                r = answer(path, sys_path("%.*s", (int)size, (const char *)buffer));
        busy = false;
        errno = -r;
        return r < 0 ? -1 : (ssize_t)size;
}

/* All naps of this program come here, and take no time. */
__attribute__((visibility("default"))) int nanosleep(const struct timespec *nap,
                                                     struct timespec *rest) {
        (void)nap;
        (void)rest;
        if (kernel && ++kernel->n_naps == kernel->robbed_at) {
                busy = true;
                release(kernel->robbed);
                busy = false;
        }
        return 0;
}

void kernel_run(struct kernel *new_kernel) {
        kernel = new_kernel;
        busy = true;
        for (const struct kernel_driver *driver = kernel->drivers; driver->name; driver++)
                if (driver->loaded)
                        sys_driver(driver->name, driver->module);
        busy = false;
}

static int offer(int dir_fd, const char *device, void *userdata) {
        const struct kernel_driver *driver = userdata;
        char current[DRIVER_SIZE];

        (void)dir_fd;
        read_driver(device, current);
        if (!current[0] && matches(device, driver))
                (void)probe(device, driver);
        return 0;
}

/* driver_attach(): a driver that comes gets each device that has waited for it. */
static void load(const struct kernel_driver *driver) {
        int fd = fd_open_directory(AT_FDCWD, "/sys/bus/pci/devices");

        busy = true;
        sys_driver(driver->name, driver->module);
        ck_assert_int_eq(directory_read(fd, offer, (void *)driver), 0);
        busy = false;
        fd_close(fd);
}

int kernel_load_module(const char *module, void *userdata) {
        (void)userdata;
        note("load=%s;", module);
        for (const struct kernel_driver *driver = kernel->drivers; driver->name; driver++)
                if (driver->module && name_is_same_module(driver->module, module)) {
                        load(driver);
                        return 0;
                }
        return -ENOENT;
}

int kernel_load_modalias(const char *modalias, void *userdata) {
        (void)userdata;
        ck_assert_int_eq(strncmp(modalias, "pci:", 4), 0);
        note("modalias;");
        for (const struct kernel_driver *driver = kernel->drivers; driver->name; driver++)
                if (driver->native && driver->module) {
                        load(driver);
                        return 0;
                }
        return -ENOENT;
}
