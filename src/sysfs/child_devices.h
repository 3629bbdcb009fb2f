/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The devices of a class, and which of them are below a device: disks, network interfaces. */
#pragma once

#include <stddef.h>

#include "device_handle.h"

struct child_device {
        char *path;       /* below /sys: "devices/pci0000:00/0000:00:01.0/net/eth0" */
        const char *name; /* its last component */
};

/* All devices of a class, sorted by path. Zero-initialised: none. */
struct child_devices {
        struct child_device *list;
        size_t n;
};

/*
 * *ret: the devices of the class whose directory is CLASS, relative to DIR_FD: "/sys/class/net".
 * The caller releases them with child_devices_done(). Returns 0, also if the kernel has no such
 * class, or a negative errno.
 */
int child_devices_read(int dir_fd, const char *class, struct child_devices *ret);
void child_devices_done(struct child_devices *children);

/* A non-zero return value stops the iteration. */
typedef int (*child_device_fn)(const char *name, void *userdata);

/*
 * Calls ON_NAME for each of CHILDREN that is below the device of HANDLE. Returns 0, or the first
 * non-zero value of ON_NAME.
 */
int child_devices_each(const struct child_devices *children, const struct handle *handle,
                       child_device_fn on_name, void *userdata);
