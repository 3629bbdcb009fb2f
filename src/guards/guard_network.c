/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Guard: a network interface of the device is in use. */
#include "cleanup.h"
#include "guard.h"
#include "network.h"

int network_report(const struct interface *interface, const char *what, const char *which,
                   struct finding *ret) {
        if (interface->lower)
                return finding_set(ret, GUARD_NETWORK, interface->name, " on ",
                                   interface->lower->name, what, which);
        return finding_set(ret, GUARD_NETWORK, interface->name, what, which);
}

/* In this order: an address is the most useful finding. */
static int check_interfaces(struct snapshot *snapshot, const struct interface *interfaces,
                            struct finding *ret) {
        int r = network_check_addresses(snapshot, interfaces, ret);

        if (r == 0)
                r = network_check_upper(snapshot, interfaces, ret);
        if (r == 0)
                r = network_check_programs(interfaces, ret);
        return r == 0 ? network_check_sockets(snapshot, interfaces, ret) : r;
}

int guard_network(const struct guard_target *target, struct finding *ret) {
        _cleanup_(arena_done) struct arena arena = {};
        struct interface *interfaces;
        int r = interfaces_find(target->handle, target->snapshot, &arena, &interfaces);

        if (r == 0 && interfaces)
                r = check_interfaces(target->snapshot, interfaces, ret);
        return r == 0 ? network_check_moved(target->snapshot, target->handle, ret) : r;
}
