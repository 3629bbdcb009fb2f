/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Guard: the device is being unbound, and its driver has not released it yet. */
#include <stdio.h>

#include "device_nodes.h"
#include "guard.h"
#include "unbinding.h"

/* A 32-bit number */
#define SECONDS_SIZE 11

/* A process that has one of the nodes open, which the driver waits for. */
static int find_user(const struct unbinding *unbinding, struct snapshot *snapshot,
                     struct finding *ret) {
        struct device_node nodes[UNBINDING_NODES] = {};

        for (unsigned i = 0; i < unbinding->n_nodes; i++)
                nodes[i] = (struct device_node){
                        .next = i + 1 < unbinding->n_nodes ? &nodes[i + 1] : NULL,
                        .number = unbinding->nodes[i].number,
                        .is_block = unbinding->nodes[i].is_block,
                        .path = unbinding->nodes[i].path,
                };
        return unbinding->n_nodes > 0 ? find_node_user(nodes, snapshot, ret) : 0;
}

int guard_unbinding(const struct guard_target *target, struct finding *ret) {
        struct unbinding unbinding;
        struct finding user = {};
        char seconds[SECONDS_SIZE];
        bool has_user;

        if (unbinding_read(target->handle, &unbinding) == 0)
                return 0;
        has_user = find_user(&unbinding, target->snapshot, &user) > 0;
        (void)snprintf(seconds, sizeof(seconds), "%u", unbinding_seconds(&unbinding));
        return finding_set(ret, GUARD_UNBINDING, "being unbound from ", unbinding.driver, " for ",
                           seconds, " s", has_user ? ": " : "", user.text);
}
