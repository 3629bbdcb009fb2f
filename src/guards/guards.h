/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The guards: what speaks against taking a device from its driver. Each names what it found.
 */
#pragma once

#include <stdbool.h>

#include "device_handle.h"

enum guard {
        GUARD_NONE,
        GUARD_HEADER,    /* it is a bridge, an IOMMU, or of another kind that no guest can have */
        GUARD_VFIO_USER, /* a process has the group or the device open by VFIO */
        GUARD_BLOCK, /* a block device behind it is mounted, swap space, open, or held by another */
        GUARD_FUNCTIONS, /* it has virtual functions, which would go with its driver */
        GUARD_NO_IOMMU,  /* it has no IOMMU group, and VFIO's no-IOMMU mode is not on */
        GUARD_NO_GROUP,  /* it has no IOMMU group, and the no-IOMMU mode would bind it */
        GUARD_GROUP,     /* another member of its IOMMU group has a native driver */
        GUARD_OPEN,      /* a process has another device node of it open */
        GUARD_NETWORK,   /* a network interface of it is in use */
        GUARD_DISPLAY,   /* the firmware booted on it: the console is there */
};

/* One line for a person. A path that a person made can be longer, and is cut. */
#define FINDING_SIZE 512

struct finding {
        enum guard guard; /* the first of those that found something */
        /*
         * A whole clause, printable ASCII, all else escaped: "/dev/nvme0n1p2 is mounted on /",
         * "eth0 has address 192.0.2.1/24", "0000:01:00.1 is held by snd_hda_intel",
         * "process 1234 (qemu-system-x86) has /dev/vfio/12 open", "eth0 is a port of the bridge
         * br0". If that guard yields to force, the findings of the other guards of that kind
         * follow, each after "; ".
         */
        char text[FINDING_SIZE];
};

/* The devices of one transaction. The group guard does not count them, since each leaves its native
 * driver. */
struct companions {
        const char *const *sysnames;
        size_t n;
};

/* May GUARD be passed by force? */
bool guard_yields_to_force(enum guard guard);

/*
 * Asks the guards that make sense for the device, as it is: where no driver holds it there is
 * nothing to take away, and only header, group and boot display are looked at. First those that
 * never yield, one of which is enough. With FORCE, the others are passed, and *ret is what was
 * passed. COMPANIONS may be NULL.
 *
 * Returns 1 where a guard says no, 0 where none does, and fills in *ret (GUARD_NONE where nothing
 * was found); or a negative errno where one could not look, with *ret untouched. That is as good as
 * a no: what was not looked at may be in use.
 */
int guards_check_bind(const struct handle *handle, const struct companions *companions, bool force,
                      struct finding *ret);

/*
 * The same before a device is taken from a VFIO driver: has a process its group or its node open?
 * The kernel would wait until it is closed.
 */
int guards_check_unbind(const struct handle *handle, struct finding *ret);

/*
 * guards_check_bind() without force, for who only wants to know: what may not be looked at is
 * passed over, as the processes of others where the caller isn't root; and no block device is
 * opened exclusively, which would keep somebody from mounting it at that moment. So a use that no
 * list shows (a mount in another name space, ZFS) is not seen.
 */
int guards_look(const struct handle *handle, struct finding *ret);

/* The same, but only who uses the device: a VFIO user, block devices, the network, the display. */
int guards_look_for_use(const struct handle *handle, struct finding *ret);

/* The same, but only whether a block device of it is in use: a device that the running system
 * needs, and that it must still have after the next boot. */
int guards_look_for_block_use(const struct handle *handle, struct finding *ret);
