/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The block devices of a device, and those that are built on them. */
#pragma once

#include <stdbool.h>

#include "snapshot.h"

/* MAJOR:MINOR, each of up to 10 digits */
#define BLOCK_NUMBER_SIZE 24

struct block_device {
        struct block_device *next;
        const struct block_device *lower; /* the block device below it; NULL for the device's own */
        const char *name;                 /* dm-0: of its directory, with a '!' for each '/' */
        const char *node;                 /* /dev/dm-0 */
        const char *title;                /* /dev/dm-0 (vg-root): for messages */
        char number[BLOCK_NUMBER_SIZE];   /* 253:0; "" if it cannot be read */
};

/*
 * Finds the disks and partitions of the device, and, through holders/, what is built on them (dm,
 * md, bcache, loop devices on a node), and what is built on that. *ret: a list in ARENA; each block
 * device comes after the one below it. Returns 0 or a negative errno.
 */
int block_devices_find(const struct handle *handle, struct snapshot *snapshot, struct arena *arena,
                       struct block_device **ret);

/* Is PATH a node of DEVICE? " (deleted)" may follow the path. */
bool block_device_is_at(const struct block_device *device, const char *path);
