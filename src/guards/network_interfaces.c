/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The network interfaces of a device, and those that are built on them. */
#include "network_interfaces.h"

#include <errno.h>
#include <linux/if_link.h>
#include <stddef.h>

#include "rtnetlink.h"
#include "text.h"

static void read_kind(const struct netlink_attributes *attributes, char ret[INTERFACE_KIND_SIZE]) {
        const char *kind = netlink_nested(attributes, IFLA_LINKINFO, IFLA_INFO_KIND, 1);

        (void)text_put(ret, INTERFACE_KIND_SIZE, kind ? kind : "");
}

static bool read_xdp(const struct netlink_attributes *attributes) {
        const uint8_t *attached = netlink_nested(attributes, IFLA_XDP, IFLA_XDP_ATTACHED, 1);

        return attached && *attached != XDP_ATTACHED_NONE;
}

/* *ret: the interface of a message, in ARENA; its link is not set. */
static int read_interface(const struct ifinfomsg *info, const struct netlink_attributes *attributes,
                          struct arena *arena, struct interface **ret) {
        const char *name = netlink_bytes(attributes, IFLA_IFNAME, 1);
        struct interface *interface = arena_take(arena, sizeof(*interface));

        if (!interface)
                return -ENOMEM;
        if (!name || text_put(interface->name, IFNAMSIZ, name) == IFNAMSIZ)
                return -EBADMSG;
        interface->index = (uint32_t)info->ifi_index;
        interface->up = info->ifi_flags & IFF_UP;
        interface->master = netlink_number(attributes, IFLA_MASTER);
        read_kind(attributes, interface->kind);
        interface->has_xdp = read_xdp(attributes);
        *ret = interface;
        return 0;
}

static int add_interface(const void *body, const struct netlink_attributes *attributes,
                         void *userdata) {
        struct snapshot *snapshot = userdata;
        struct interface *interface;
        int r = read_interface(body, attributes, &snapshot->arena, &interface);

        if (r < 0)
                return r;
        /* The lower device may be in another network namespace, where its index is that of
         * another interface */
        if (!attributes->by_type[IFLA_LINK_NETNSID])
                interface->link = netlink_number(attributes, IFLA_LINK);
        interface->next = snapshot->interfaces;
        snapshot->interfaces = interface;
        return 0;
}

struct foreign_search {
        struct snapshot *snapshot;
        const struct network_namespace *namespace;
        int netlink_fd;
        uint32_t id;
};

static int add_foreign(const void *body, const struct netlink_attributes *attributes,
                       void *userdata) {
        const struct foreign_search *search = userdata;
        struct interface *interface;
        int r;

        if (!attributes->by_type[IFLA_LINK_NETNSID] ||
            netlink_number(attributes, IFLA_LINK_NETNSID) != search->id)
                return 0;
        r = read_interface(body, attributes, &search->snapshot->arena, &interface);
        if (r < 0)
                return r;
        interface->index = 0;
        interface->link = netlink_number(attributes, IFLA_LINK);
        interface->namespace = search->namespace;
        interface->next = search->snapshot->foreign;
        search->snapshot->foreign = interface;
        return 0;
}

/* An interface that is listed twice, by two tries, is no harm. */
static int list_foreign(void *userdata) {
        struct foreign_search *search = userdata;

        return netlink_list_from(search->netlink_fd, RTM_GETLINK, sizeof(struct ifinfomsg),
                                 add_foreign, search);
}

int interfaces_add_foreign(int netlink_fd, uint32_t id, const struct network_namespace *namespace,
                           struct snapshot *snapshot) {
        struct foreign_search search = {snapshot, namespace, netlink_fd, id};

        return netlink_retry(list_foreign, &search);
}

/*
 * Filters and BPF programs for all packets of an interface are in a qdisc of one of these kinds:
 * tc(8). The kernel itself adds other kinds.
 */
static bool has_filters(const char *kind) {
        return kind && (streq(kind, "clsact") || streq(kind, "ingress"));
}

static int add_qdisc(const void *body, const struct netlink_attributes *attributes,
                     void *userdata) {
        const struct tcmsg *info = body;
        const struct snapshot *snapshot = userdata;

        for (struct interface *interface = snapshot->interfaces; interface;
             interface = interface->next)
                if (interface->index == (uint32_t)info->tcm_ifindex &&
                    has_filters(netlink_bytes(attributes, TCA_KIND, 1)))
                        interface->has_tc = true;
        return 0;
}

static int list_interfaces(void *userdata) {
        struct snapshot *snapshot = userdata;
        int r;

        snapshot->interfaces = NULL;
        r = netlink_list(RTM_GETLINK, sizeof(struct ifinfomsg), add_interface, snapshot);
        if (r >= 0)
                r = netlink_list(RTM_GETQDISC, sizeof(struct tcmsg), add_qdisc, snapshot);
        if (r == -EOPNOTSUPP) /* the kernel has no traffic control */
                r = 0;
        snapshot->has_interfaces = r >= 0;
        return r;
}

/* Reads all interfaces of this network namespace. */
static int read_interfaces(struct snapshot *snapshot) {
        return snapshot->has_interfaces ? 0 : netlink_retry(list_interfaces, snapshot);
}

/* The interfaces of a device, and those that are built on them. */
struct interface_list {
        struct snapshot *snapshot;
        struct arena *arena;
        struct interface *first, **end;
};

static bool list_has(const struct interface_list *list, uint32_t index) {
        const struct interface *interface = list->first;

        while (interface && interface->index != index)
                interface = interface->next;
        return interface;
}

static int list_add(struct interface_list *list, const struct interface *interface,
                    const struct interface *lower) {
        struct interface *copy;

        if (list_has(list, interface->index))
                return 0;
        copy = arena_take(list->arena, sizeof(*copy));
        if (!copy)
                return -ENOMEM;
        *copy = *interface;
        copy->next = NULL;
        copy->lower = lower;
        *list->end = copy;
        list->end = &copy->next;
        return 0;
}

/*
 * Returns -ESTALE if no interface has that name, because udevd renamed it after sysfs was read.
 * Once for a snapshot: /sys may also be that of another network namespace.
 */
static int add_own(const char *name, void *userdata) {
        struct interface_list *list = userdata;
        const struct interface *interface;
        int r = read_interfaces(list->snapshot);

        if (r < 0)
                return r;
        interface = list->snapshot->interfaces;
        while (interface && !streq(interface->name, name))
                interface = interface->next;
        if (interface)
                return list_add(list, interface, NULL);
        return list->snapshot->forgot_net ? 0 : -ESTALE;
}

static int add_all_own(const struct handle *handle, struct interface_list *list) {
        list->first = NULL;
        list->end = &list->first;
        return snapshot_each_net(list->snapshot, handle, add_own, list);
}

/* Adds the interfaces that are built on LOWER. */
static int add_upper(struct interface_list *list, const struct interface *lower) {
        int r = 0;

        for (const struct interface *upper = list->snapshot->interfaces; upper && r == 0;
             upper = upper->next)
                if (upper->link == lower->index || upper->index == lower->master)
                        r = list_add(list, upper, lower);
        return r;
}

int interfaces_find(const struct handle *handle, struct snapshot *snapshot, struct arena *arena,
                    struct interface **ret) {
        struct interface_list list = {.snapshot = snapshot, .arena = arena};
        int r = add_all_own(handle, &list);

        if (r == -ESTALE) {
                snapshot_forget_net(snapshot);
                r = add_all_own(handle, &list);
        }

        /* New ones are appended and examined in their turn */
        for (const struct interface *lower = list.first; lower && r == 0; lower = lower->next)
                r = add_upper(&list, lower);
        if (r == 0)
                *ret = list.first;
        return r;
}
