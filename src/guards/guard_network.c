/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Guard: a network interface of the device is in use. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>

#include "cleanup.h"
#include "guard.h"
#include "network.h"
#include "network_interfaces.h"
#include "rtnetlink.h"

/* An address, "/", and up to three digits */
#define PREFIX_SIZE (INET6_ADDRSTRLEN + sizeof("/128"))

struct interface_search {
        const struct interface *interfaces;
        struct finding *finding;
};

/* Returns the interface INDEX if it is of the device and up, or NULL. */
static const struct interface *find_interface(const struct interface_search *search,
                                              uint32_t index) {
        for (const struct interface *interface = search->interfaces; interface;
             interface = interface->next)
                if (interface->index == index && interface->affected && interface->up)
                        return interface;
        return NULL;
}

int network_report(const struct interface *interface, const char *what, const char *which,
                   struct finding *ret) {
        if (interface->lower)
                return finding_set(ret, GUARD_NETWORK, interface->name, " on ",
                                   interface->lower->name, what, which);
        return finding_set(ret, GUARD_NETWORK, interface->name, what, which);
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
static int check_address(const void *body, const struct netlink_attributes *attributes,
                         void *userdata) {
        const struct ifaddrmsg *info = body;
        const struct interface_search *search = userdata;
        const struct interface *interface = find_interface(search, info->ifa_index);
        size_t size = address_size(info->ifa_family);
        const void *address = netlink_bytes(attributes, IFA_LOCAL, size);
        char prefix[PREFIX_SIZE];

        if (!address)
                address = netlink_bytes(attributes, IFA_ADDRESS, size);
        if (!interface || !address || !size || info->ifa_scope >= RT_SCOPE_LINK)
                return 0;
        format_prefix(info->ifa_family, address, info->ifa_prefixlen, prefix);
        return network_report(interface, " has address ", prefix, search->finding);
}

/* fe80::/10 and ff00::/8: routes that the kernel adds by itself */
static bool is_of_link(int family, const uint8_t *address) {
        return family == AF_INET6 && address &&
               ((address[0] == 0xfe && (address[1] & 0xc0) == 0x80) || address[0] == 0xff);
}

/* Returns the interface of a route, or of any of its next hops, if it is of the device and up. */
static const struct interface *find_route_interface(const struct interface_search *search,
                                                    const struct netlink_attributes *attributes) {
        const struct interface *interface =
                find_interface(search, netlink_number(attributes, RTA_OIF));
        const struct rtattr *hops = attributes->by_type[RTA_MULTIPATH];
        const struct rtnexthop *hop;
        int left;

        if (interface || !hops)
                return interface;
        left = (int)RTA_PAYLOAD(hops);
        for (hop = RTA_DATA(hops); RTNH_OK(hop, left) && !interface; hop = RTNH_NEXT(hop)) {
                interface = find_interface(search, (uint32_t)hop->rtnh_ifindex);
                left -= (int)RTNH_ALIGN(hop->rtnh_len);
        }
        return interface;
}

static int check_route(const void *body, const struct netlink_attributes *attributes,
                       void *userdata) {
        const struct rtmsg *info = body;
        const struct interface_search *search = userdata;
        const struct interface *interface = find_route_interface(search, attributes);
        const void *address;
        char prefix[PREFIX_SIZE] = "default";

        if (!interface || info->rtm_type != RTN_UNICAST || info->rtm_table == RT_TABLE_LOCAL)
                return 0;
        address = netlink_bytes(attributes, RTA_DST, address_size(info->rtm_family));
        if (is_of_link(info->rtm_family, address))
                return 0;
        if (address)
                format_prefix(info->rtm_family, address, info->rtm_dst_len, prefix);
        return network_report(interface, " has a route: ", prefix, search->finding);
}

static bool is_any_affected(const struct interface *interface) {
        while (interface && !(interface->affected && interface->up))
                interface = interface->next;
        return interface;
}

static int check_addresses(const struct interface *interfaces, struct finding *ret) {
        struct interface_search search = {.interfaces = interfaces, .finding = ret};
        int r;

        if (!is_any_affected(interfaces))
                return 0;
        r = netlink_list(RTM_GETADDR, sizeof(struct ifaddrmsg), check_address, &search);
        if (r == 0)
                r = netlink_list(RTM_GETROUTE, sizeof(struct rtmsg), check_route, &search);
        return r;
}

/* In this order: an address is the most useful finding. */
static int (*const uses[])(const struct interface *interfaces, struct finding *ret) = {
        check_addresses,     network_check_upper,         network_check_xdp,
        network_check_pppoe, network_check_packet_socket,
};

int guard_network(const struct handle *handle, struct finding *ret) {
        _cleanup_(arena_done) struct arena arena = {};
        struct interface *interfaces;
        int r = interfaces_find(handle, &arena, &interfaces);

        for (size_t i = 0; r == 0 && i < sizeof(uses) / sizeof(uses[0]); i++)
                r = uses[i](interfaces, ret);
        return r == 0 ? network_check_moved(handle, ret) : r;
}
