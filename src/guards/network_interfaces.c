/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The network interfaces of a device, and those that are built on them. */
#include "network_interfaces.h"

#include <errno.h>
#include <linux/if_link.h>

#include "child_devices.h"
#include "rtnetlink.h"
#include "text.h"

struct interface_list {
        struct arena *arena;
        struct interface *first;
};

static void read_kind(const struct netlink_attributes *attributes, char ret[INTERFACE_KIND_SIZE]) {
        const char *kind = netlink_nested(attributes, IFLA_LINKINFO, IFLA_INFO_KIND, 1);

        (void)text_put(ret, INTERFACE_KIND_SIZE, kind ? kind : "");
}

static bool read_xdp(const struct netlink_attributes *attributes) {
        const uint8_t *attached = netlink_nested(attributes, IFLA_XDP, IFLA_XDP_ATTACHED, 1);

        return attached && *attached != XDP_ATTACHED_NONE;
}

static int interface_list_add(const void *body, const struct netlink_attributes *attributes,
                              void *userdata) {
        const struct ifinfomsg *info = body;
        struct interface_list *list = userdata;
        const char *name = netlink_bytes(attributes, IFLA_IFNAME, 1);
        struct interface *interface = arena_take(list->arena, sizeof(*interface));

        if (!interface)
                return -ENOMEM;
        if (!name || text_put(interface->name, IFNAMSIZ, name) == IFNAMSIZ)
                return -EBADMSG;
        interface->index = (uint32_t)info->ifi_index;
        interface->up = info->ifi_flags & IFF_UP;
        interface->master = netlink_number(attributes, IFLA_MASTER);
        /* The lower device may be in another network namespace, where its index is that of
         * another interface */
        if (!attributes->by_type[IFLA_LINK_NETNSID])
                interface->link = netlink_number(attributes, IFLA_LINK);
        read_kind(attributes, interface->kind);
        interface->has_xdp = read_xdp(attributes);
        interface->next = list->first;
        list->first = interface;
        return 0;
}

static int mark_own(const char *name, void *userdata) {
        const struct interface_list *list = userdata;

        for (struct interface *interface = list->first; interface; interface = interface->next)
                if (streq(interface->name, name))
                        interface->affected = true;
        return 0;
}

/* Marks the interfaces that are built on LOWER. Returns whether a new one was found. */
static bool mark_upper(struct interface *first, const struct interface *lower) {
        bool any = false;

        for (struct interface *upper = first; upper; upper = upper->next)
                if (!upper->affected &&
                    (upper->link == lower->index || upper->index == lower->master)) {
                        upper->affected = true;
                        upper->lower = lower;
                        any = true;
                }
        return any;
}

/* Repeats until no new interface is found. */
static void mark_all(struct interface *first) {
        for (bool any = true; any;) {
                any = false;
                for (struct interface *lower = first; lower; lower = lower->next)
                        if (lower->affected)
                                any = mark_upper(first, lower) || any;
        }
}

int interfaces_find(const struct handle *handle, struct arena *arena, struct interface **ret) {
        struct interface_list list = {.arena = arena};
        int r = netlink_list(RTM_GETLINK, sizeof(struct ifinfomsg), interface_list_add, &list);

        if (r >= 0)
                r = child_device_each(handle, "net", mark_own, &list);
        if (r < 0)
                return r;
        mark_all(list.first);
        *ret = list.first;
        return 0;
}
