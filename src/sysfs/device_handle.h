/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The device handle: the directory of one device, held open, and what tells it from any other.
 *
 * A device is named to the kernel by its sysname, and another one can have that name a moment
 * later. So who is about to do so asks handle_check() right before.
 */
#pragma once

#include <limits.h>
#include <sys/types.h>

#include "device.h"
#include "iommu_group.h"
#include "name.h"

/* PAGE_SIZE bounds a sysfs attribute; what is longer than this is the modalias of no device. */
#define HANDLE_MODALIAS_SIZE 512

struct handle {
        int fd;                     /* of the device's directory; flock(2) holds its lock, too */
        int bus_fd;                 /* of /sys/bus/BUS */
        char sysname[SYSNAME_SIZE]; /* 0000:3b:00.1 */
        char bus[NAME_SIZE];        /* pci */
        char syspath[PATH_MAX];     /* /sys/devices/pci0000:3a/0000:3a:00.0/0000:3b:00.1 */
        /* The identity */
        dev_t device;
        ino_t inode;                         /* sysfs gives no number twice: kernfs_get_inode() */
        char modalias[HANDLE_MODALIAS_SIZE]; /* "" where it has none */
        char group[GROUP_SIZE];              /* of its IOMMU group; "" where it has none */
};

/*
 * Finds DEVICE: a sysname (0000:3b:00.1), a syspath (/sys/...) or the name of a network interface,
 * which stands for the device that it is of. Returns a descriptor
 * of the device's directory, which the caller closes; or as device_open().
 */
int device_find(const char *device);

/*
 * Makes a handle of the device whose directory is DEVICE_FD, which it takes over, also on failure;
 * a negative one is returned as it is, so that this can be called with what device_open() and the
 * like return. The strings in it are the kernel's own: escape them before you show them.
 *
 * Returns 0 and a handle to be closed with handle_close(); -ENODEV where the directory is none of a
 * device on a bus, or that is gone; -EMSGSIZE where a string of it is too long; or another negative
 * errno.
 */
int handle_open(int device_fd, struct handle *ret);

/* Gives up the lock as well. A handle that is all zero but for descriptors of -1 may be closed. */
void handle_close(struct handle *handle);

/* What a handle is set to where it may be closed before it was opened. */
#define HANDLE_NONE                                                                                \
        (struct handle) {                                                                          \
                .fd = -1, .bus_fd = -1                                                             \
        }

/*
 * Is the device of that sysname still the one that was opened: same inode and modalias, and in no
 * other IOMMU group? Returns 0; -ENODEV where there is none of that name; -ESTALE where it is
 * another; or another negative errno.
 */
int handle_check(const struct handle *handle);

/* The same, but for what it looks at: has the name, is it the same directory? */
int handle_find(const struct handle *handle);

/*
 * Takes the device's lock, for as long as the handle is open: flock(2) on its directory, which
 * leaves nothing behind. Where somebody else has it, ON_WAIT, if not NULL, is called once, and then
 * it is waited for. Returns 0 or a negative errno.
 */
int handle_lock(const struct handle *handle, void (*on_wait)(void *userdata), void *userdata);
