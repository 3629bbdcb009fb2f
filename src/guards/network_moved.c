/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Network guard: an interface of the device is in another network namespace. */
#include "cleanup.h"
#include "device_nodes.h"
#include "network.h"

/* The guard of open nodes has read the directory of the device if both have the same snapshot. */
static int walk_once(struct snapshot *snapshot, const struct handle *handle) {
        _cleanup_(arena_done) struct arena arena = {};
        struct device_node *nodes;

        return snapshot->walked_inode == handle->inode
                       ? 0
                       : device_nodes_find(handle, snapshot, &arena, &nodes);
}

int network_check_moved(struct snapshot *snapshot, const struct handle *handle,
                        struct finding *ret) {
        int r = walk_once(snapshot, handle);

        if (r < 0 || !snapshot->has_moved)
                return r;
        return network_namespaces_find(snapshot, handle, ret) ||
               finding_set(ret, GUARD_NETWORK,
                           "a network interface of it is in another network namespace");
}
