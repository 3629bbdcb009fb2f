/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Network guard: an interface has an address, a route or a next hop object. */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/nexthop.h>
#include <netinet/in.h>
#include <stdio.h>

#include "network.h"
#include "rtnetlink.h"

/* An address, "/", and up to three digits */
#define PREFIX_SIZE (INET6_ADDRSTRLEN + sizeof("/128"))

/* An address of an interface, or a route or next hop through it. */
struct address_use {
        struct address_use *next;
        uint32_t index; /* of the interface */
        const char *what;
        char prefix[PREFIX_SIZE];
};

struct address_list {
        struct arena *arena;
        struct address_use *first, **end;
};

static struct address_use *add_use(struct address_list *list, uint32_t index, const char *what) {
        struct address_use *use = arena_take(list->arena, sizeof(*use));

        if (!use)
                return NULL;
        use->index = index;
        use->what = what;
        *list->end = use;
        list->end = &use->next;
        return use;
}

static size_t address_size(int family) {
        return family == AF_INET    ? sizeof(struct in_addr)
               : family == AF_INET6 ? sizeof(struct in6_addr)
                                    : 0;
}

static void format_prefix(int family, const void *address, unsigned length, char ret[PREFIX_SIZE]) {
        char text[INET6_ADDRSTRLEN] = "?";

        (void)inet_ntop(family, address, text, sizeof(text));
        (void)snprintf(ret, PREFIX_SIZE, "%s/%u", text, length);
}

/*
 * Link-local addresses are ignored: the kernel assigns an fe80:: address to each interface that is
 * up.
 */
static int add_address(const void *body, const struct netlink_attributes *attributes,
                       void *userdata) {
        const struct ifaddrmsg *info = body;
        size_t size = address_size(info->ifa_family);
        const void *address = netlink_bytes(attributes, IFA_LOCAL, size);
        struct address_use *use;

        if (!address)
                address = netlink_bytes(attributes, IFA_ADDRESS, size);
        if (!address || !size || info->ifa_scope >= RT_SCOPE_LINK)
                return 0;
        use = add_use(userdata, info->ifa_index, " has address ");
        if (!use)
                return -ENOMEM;
        format_prefix(info->ifa_family, address, info->ifa_prefixlen, use->prefix);
        return 0;
}

/* fe80::/10 and ff00::/8: routes that the kernel adds by itself */
static bool is_of_link(int family, const uint8_t *address) {
        return family == AF_INET6 && address &&
               ((address[0] == 0xfe && (address[1] & 0xc0) == 0x80) || address[0] == 0xff);
}

static int add_route_of(struct address_list *list, uint32_t index, const struct rtmsg *info,
                        const void *address) {
        struct address_use *use = add_use(list, index, " has a route: ");

        if (!use)
                return -ENOMEM;
        if (address)
                format_prefix(info->rtm_family, address, info->rtm_dst_len, use->prefix);
        else
                (void)snprintf(use->prefix, sizeof(use->prefix), "default");
        return 0;
}

/* A route has an interface, or several next hops, each with one. */
static int add_route(const void *body, const struct netlink_attributes *attributes,
                     void *userdata) {
        const struct rtmsg *info = body;
        const struct rtattr *hops = attributes->by_type[RTA_MULTIPATH];
        const void *address = netlink_bytes(attributes, RTA_DST, address_size(info->rtm_family));
        uint32_t index = netlink_number(attributes, RTA_OIF);
        int left = hops ? (int)RTA_PAYLOAD(hops) : 0, r = 0;
        const struct rtnexthop *hop;

        if (info->rtm_type != RTN_UNICAST || info->rtm_table == RT_TABLE_LOCAL ||
            is_of_link(info->rtm_family, address))
                return 0;
        if (index)
                r = add_route_of(userdata, index, info, address);
        for (hop = hops ? RTA_DATA(hops) : NULL; r == 0 && hop && RTNH_OK(hop, left);
             hop = RTNH_NEXT(hop)) {
                r = add_route_of(userdata, (uint32_t)hop->rtnh_ifindex, info, address);
                left -= (int)RTNH_ALIGN(hop->rtnh_len);
        }
        return r;
}

/* A route by a next hop object may have no interface of its own: ip-nexthop(8). */
static int add_next_hop(const void *body, const struct netlink_attributes *attributes,
                        void *userdata) {
        uint32_t index = netlink_number(attributes, NHA_OIF);
        struct address_use *use;

        (void)body;
        if (!index)
                return 0;
        use = add_use(userdata, index, " is a next hop of routes: id ");
        if (!use)
                return -ENOMEM;
        (void)snprintf(use->prefix, sizeof(use->prefix), "%u", netlink_number(attributes, NHA_ID));
        return 0;
}

/* Addresses come first: they are the most useful finding. */
static int list_addresses(void *userdata) {
        struct snapshot *snapshot = userdata;
        struct address_list list = {.arena = &snapshot->arena, .end = &list.first};
        int r = netlink_list(RTM_GETADDR, sizeof(struct ifaddrmsg), add_address, &list);

        if (r == 0)
                r = netlink_list(RTM_GETROUTE, sizeof(struct rtmsg), add_route, &list);
        if (r == 0)
                r = netlink_list(RTM_GETNEXTHOP, sizeof(struct nhmsg), add_next_hop, &list);
        if (r < 0 && r != -EOPNOTSUPP) /* a kernel before 5.3 has no such objects */
                return r;
        snapshot->addresses = list.first;
        snapshot->has_addresses = true;
        return 0;
}

static int read_addresses(struct snapshot *snapshot) {
        return snapshot->has_addresses ? 0 : netlink_retry(list_addresses, snapshot);
}

/* Returns the interface INDEX if it is one of INTERFACES and up, or NULL. */
static const struct interface *find_up(const struct interface *interface, uint32_t index) {
        while (interface && !(interface->up && interface->index == index))
                interface = interface->next;
        return interface;
}

static bool is_any_up(const struct interface *interface) {
        while (interface && !interface->up)
                interface = interface->next;
        return interface;
}

int network_check_addresses(struct snapshot *snapshot, const struct interface *interfaces,
                            struct finding *ret) {
        int r = is_any_up(interfaces) ? read_addresses(snapshot) : 0;

        if (r < 0 || !is_any_up(interfaces))
                return r;
        for (const struct address_use *use = snapshot->addresses; use; use = use->next) {
                const struct interface *interface = find_up(interfaces, use->index);

                if (interface)
                        return network_report(interface, use->what, use->prefix, ret);
        }
        return 0;
}
