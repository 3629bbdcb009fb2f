/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The block devices behind a device, with all that is built upon them. */
#pragma once

#include "arena.h"
#include "device_handle.h"

/* MAJOR:MINOR, each of up to 10 digits */
#define BLOCK_NUMBER_SIZE 24

struct block {
        struct block *next;
        const struct block *under;      /* the one that it holds; NULL for the device's own */
        const char *name;               /* dm-0: of its directory, where a '!' stands for a '/' */
        const char *node;               /* /dev/dm-0 */
        const char *title;              /* /dev/dm-0 (vg-root): for a person */
        char number[BLOCK_NUMBER_SIZE]; /* 253:0; "" where it can't be read */
};

/*
 * Finds the disks and partitions behind the device, and, through holders/, what holds them (dm, md,
 * bcache, loop devices on its node), what holds that, and so on. *ret lies in ARENA, each behind
 * the one that it holds. Returns 0 or a negative errno.
 */
int blocks_find(const struct handle *handle, struct arena *arena, struct block **ret);
