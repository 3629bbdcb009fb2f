/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The finding of a guard. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum guard {
        GUARD_NONE,
        GUARD_HEADER, /* a bridge, an IOMMU, or another kind that cannot be assigned to a guest */
        GUARD_UNBINDING, /* it is being unbound, and its driver waits for a user of it */
        GUARD_VFIO_USER, /* a process has the group or the device open through VFIO */
        GUARD_BLOCK, /* a block device of it is mounted, swap space, open, or part of another one */
        GUARD_SHARE, /* a file system of the host that it shares is mounted: 9p, virtiofs */
        GUARD_FUNCTIONS, /* it has virtual functions, which its driver would remove */
        GUARD_NO_IOMMU,  /* it has no IOMMU group, and VFIO's no-IOMMU mode is not on */
        /* Force overrides these */
        GUARD_NO_GROUP, /* it has no IOMMU group, and the no-IOMMU mode would bind it */
        GUARD_GROUP,    /* another member of its IOMMU group has a native driver */
        GUARD_OPEN,     /* a process has another device node of it open */
        GUARD_NETWORK,  /* a network interface of it is in use */
        GUARD_INPUT,    /* the only keyboard of a machine with a console is connected to it */
        GUARD_DISPLAY,  /* the firmware booted on it: it has the console */
};

/* One line of a message. A long path in it is truncated. */
#define FINDING_SIZE 512

struct finding {
        enum guard guard;    /* the first guard that found something */
        unsigned unexamined; /* processes that could not be examined for want of rights */
        /*
         * A clause of printable ASCII, other bytes are escaped: "/dev/nvme0n1p2 is mounted on /",
         * "eth0 has address 192.0.2.1/24", "0000:01:00.1 is bound to snd_hda_intel", "process 1234
         * (qemu-system-x86) has /dev/vfio/12 open", "eth0 is a port of the bridge br0", "being
         * unbound from snd_hda_intel for 12 s". If force overrides this guard, the findings of the
         * other guards that force overrides follow, each after "; ".
         */
        char text[FINDING_SIZE];
};

/* Does force override GUARD? */
static inline bool guard_can_be_forced(enum guard guard) {
        return guard >= GUARD_NO_GROUP;
}

struct open_file;

/* Sets *ret to the given strings, escaped. Returns 1. */
#define finding_set(ret, guard, ...)                                                               \
        finding_set_parts(ret, guard, (const char *[]){__VA_ARGS__, NULL})

/* PARTS ends in NULL. */
int finding_set_parts(struct finding *ret, enum guard guard, const char *const *parts);

/* Sets *ret to "process PID (COMM) has NODE open". Returns 1. */
int finding_set_user(struct finding *ret, enum guard guard, const struct open_file *file,
                     const char *node);

/*
 * N processes could not be examined, and the others do not use the device. Returns -EACCES, and
 * sets *ret; or 0 if N is 0.
 */
int finding_set_unexamined(struct finding *ret, unsigned n);

/*
 * The devices of a transaction. The group guard ignores them, because each of them is unbound from
 * its native driver.
 */
struct companions {
        const char *const *sysnames;
        size_t n;
};
