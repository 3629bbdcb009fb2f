/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The guards: conditions that prevent a device from being bound or unbound. Each names what it
 * found.
 */
#pragma once

#include <stdbool.h>

#include "device_handle.h"

enum guard {
        GUARD_NONE,
        GUARD_HEADER, /* a bridge, an IOMMU, or another kind that cannot be assigned to a guest */
        GUARD_VFIO_USER, /* a process has the group or the device open through VFIO */
        GUARD_BLOCK, /* a block device of it is mounted, swap space, open, or part of another one */
        GUARD_FUNCTIONS, /* it has virtual functions, which its driver would remove */
        GUARD_NO_IOMMU,  /* it has no IOMMU group, and VFIO's no-IOMMU mode is not on */
        GUARD_NO_GROUP,  /* it has no IOMMU group, and the no-IOMMU mode would bind it */
        GUARD_GROUP,     /* another member of its IOMMU group has a native driver */
        GUARD_OPEN,      /* a process has another device node of it open */
        GUARD_NETWORK,   /* a network interface of it is in use */
        GUARD_DISPLAY,   /* the firmware booted on it: it has the console */
};

/* One line of a message. A long path in it is truncated. */
#define FINDING_SIZE 512

struct finding {
        enum guard guard; /* the first guard that found something */
        /*
         * A clause of printable ASCII, other bytes are escaped: "/dev/nvme0n1p2 is mounted on /",
         * "eth0 has address 192.0.2.1/24", "0000:01:00.1 is bound to snd_hda_intel", "process 1234
         * (qemu-system-x86) has /dev/vfio/12 open", "eth0 is a port of the bridge br0". If force
         * overrides this guard, the findings of the other guards that force overrides follow, each
         * after "; ".
         */
        char text[FINDING_SIZE];
};

/*
 * The devices of a transaction. The group guard ignores them, because each of them is unbound from
 * its native driver.
 */
struct companions {
        const char *const *sysnames;
        size_t n;
};

/* Does force override GUARD? */
bool guard_can_be_forced(enum guard guard);

/*
 * Checks the guards that apply to the device: if it is bound to no driver it cannot be in use, and
 * only header, group and boot display are checked. Guards that force does not override are checked
 * first; one that finds something is enough. With FORCE the other guards are overridden, and *ret
 * is what they found. COMPANIONS may be NULL.
 *
 * Returns 1 if a guard refuses, 0 if none does, and sets *ret (GUARD_NONE if nothing was found); or
 * a negative errno if a guard could not be checked, with *ret unchanged. The caller must treat an
 * error as a refusal: the device may be in use.
 */
int guards_check_bind(const struct handle *handle, const struct companions *companions, bool force,
                      struct finding *ret);

/*
 * Checks, before a device is unbound from a VFIO driver, whether a process has its group or its
 * cdev open: the kernel would wait until it is closed.
 */
int guards_check_unbind(const struct handle *handle, struct finding *ret);

/*
 * As guards_check_bind() without force, for information only. What the caller has no right to read
 * is skipped, as processes of other users. No block device is opened exclusively, which would block
 * a mount(2) at that moment: a use that is only seen that way (a mount in another mount namespace,
 * ZFS) is not found.
 */
int guards_check(const struct handle *handle, struct finding *ret);

/*
 * As guards_check(), but only checks whether the device is in use: by VFIO, block devices, the
 * network, the display.
 */
int guards_check_use(const struct handle *handle, struct finding *ret);

/*
 * As guards_check(), but only checks whether a block device of it is in use: such a device may be
 * needed by the running system, and at the next boot.
 */
int guards_check_block_use(const struct handle *handle, struct finding *ret);
