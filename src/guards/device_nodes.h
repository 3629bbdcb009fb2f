/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The device nodes that the drivers of a device have created, and whether one of its network
 * interfaces is in another network namespace.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "open_files.h"
#include "snapshot.h"

struct device_node {
        struct device_node *next;
        dev_t number;
        bool is_block;
        bool is_vfio;     /* the cdev of VFIO, or an IOMMU group */
        const char *path; /* /dev/nvme0n1 */
        /* The node in /dev, as in proc_pid_maps(5); "": there is none */
        char mapped[MAPPED_SIZE];
};

/*
 * Finds each device node whose `dev` attribute is below the device's syspath, the nodes of
 * block_devices_find(), which include heads of NVMe multipath and what is built on a disk, and the
 * node of NVIDIA's own driver. *ret: a list in ARENA. Sets snapshot->walked_inode and ->has_moved.
 * Returns 0 or a negative errno.
 */
int device_nodes_find(const struct handle *handle, struct snapshot *snapshot, struct arena *arena,
                      struct device_node **ret);
