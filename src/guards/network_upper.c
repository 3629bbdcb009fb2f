/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Network guard: another interface depends on one of the device's, or one of these has an XDP
 * or tc program.
 */
#include <stdio.h>

#include "escape.h"
#include "network.h"

static const struct interface *find_index(const struct interface *list, uint32_t index) {
        while (list && list->index != index)
                list = list->next;
        return list;
}

/* "INTERFACE RELATION the bridge br0"; the interface of another card has no kind. */
static int report_relation(const struct interface *interface, const char *relation,
                           const struct interface *other, struct finding *ret) {
        char which[sizeof("the  ") + INTERFACE_KIND_SIZE + IFNAMSIZ];

        (void)snprintf(which, sizeof(which), "%s%s%s%s", other->kind[0] ? "the " : "", other->kind,
                       other->kind[0] ? " " : "", other->name);
        (void)network_report(interface, relation, which, ret);
        if (other->namespace)
                escape_append(ret->text, sizeof(ret->text), other->namespace->place);
        return 1;
}

/* Applies to a port that is down as well: it is part of the bridge's configuration. */
static int check_port(const struct interface *all, const struct interface *interface,
                      struct finding *ret) {
        const struct interface *master =
                interface->master ? find_index(all, interface->master) : NULL;

        return master ? report_relation(interface, " is a port of ", master, ret) : 0;
}

/* An upper interface that is down is no use. */
static const struct interface *find_upper(const struct interface *upper,
                                          const struct interface *interface) {
        while (upper && !(upper->link == interface->index && upper != interface && upper->up))
                upper = upper->next;
        return upper;
}

/* A macvlan or VLAN is often in the network namespace of a container. */
static int check_lower(const struct snapshot *snapshot, const struct interface *all,
                       const struct interface *interface, struct finding *ret) {
        const struct interface *upper = find_upper(all, interface);

        if (!upper)
                upper = find_upper(snapshot->foreign, interface);
        return upper ? report_relation(interface, " is the lower device of ", upper, ret) : 0;
}

int network_check_upper(struct snapshot *snapshot, const struct interface *interfaces,
                        struct finding *ret) {
        int r = 0;

        network_namespaces_read(snapshot);
        for (const struct interface *interface = interfaces; interface && r == 0;
             interface = interface->next) {
                r = check_port(interfaces, interface, ret);
                if (r == 0)
                        r = check_lower(snapshot, interfaces, interface, ret);
        }
        return r;
}

int network_check_programs(const struct interface *interface, struct finding *ret) {
        for (; interface; interface = interface->next) {
                if (interface->has_xdp)
                        return network_report(interface, " has an XDP program attached", "", ret);
                if (interface->has_tc)
                        return network_report(interface, " has a qdisc for tc filters", "", ret);
        }
        return 0;
}
