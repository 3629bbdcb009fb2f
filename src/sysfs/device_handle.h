/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The device handle: the open directory of a device, and its identity.
 *
 * The kernel takes a device's sysname, which may be another device's name a moment later.
 * handle_check() must be called immediately before the name is used.
 */
#pragma once

#include <limits.h>
#include <sys/types.h>

#include "device.h"
#include "iommu_group.h"
#include "name.h"

/* The modalias of any device is shorter; PAGE_SIZE bounds a sysfs attribute. */
#define HANDLE_MODALIAS_SIZE 512

struct handle {
        int fd;                     /* of the device's directory */
        char sysname[SYSNAME_SIZE]; /* 0000:3b:00.1 */
        char bus[NAME_SIZE];        /* pci */
        char syspath[PATH_MAX];     /* /sys/devices/pci0000:3a/0000:3a:00.0/0000:3b:00.1 */
        /* The identity */
        dev_t device;
        ino_t inode;                         /* never reused in sysfs: kernfs_get_inode() */
        char modalias[HANDLE_MODALIAS_SIZE]; /* "" if it has none */
        char group[GROUP_SIZE];              /* of its IOMMU group; "" if it has none */
        int header_type;                     /* as device_header_type() */
};

/*
 * Finds DEVICE: a sysname (0000:3b:00.1), a syspath (/sys/...) or the name of a network interface,
 * which stands for its parent device. Returns a descriptor of the device's directory, which the
 * caller closes; -EXDEV if the interface has no parent; or an error as device_open().
 */
int device_find(const char *device);

/*
 * Makes a handle of the device whose directory is DEVICE_FD. Takes ownership of DEVICE_FD, also on
 * failure. If it is negative it is returned, so that the result of device_open() can be passed
 * directly. The strings in the handle are the kernel's: they must be escaped before they are
 * printed.
 *
 * Returns 0 and a handle, which the caller closes with handle_close(); -ENODEV if the directory is
 * not that of a device on a bus, or the device was removed; -EMSGSIZE if a string of it is too
 * long; or another negative errno.
 */
int handle_open(int device_fd, struct handle *ret);

/*
 * Closes the handle, which releases the lock. A handle that is zero except for a descriptor of -1
 * may be closed.
 */
void handle_close(struct handle *handle);

/* The initial value of a handle that may be closed before it is opened. */
#define HANDLE_NONE                                                                                \
        (struct handle) {                                                                          \
                .fd = -1                                                                           \
        }

/*
 * Is the device with this sysname still the one that was opened: same inode, same modalias, and not
 * in another IOMMU group? Returns 0; -ENODEV if there is no device with this name; -ESTALE if it is
 * another device; or another negative errno.
 */
int handle_check(const struct handle *handle);

/* As handle_check(), but only compares the directory. */
int handle_find(const struct handle *handle);
