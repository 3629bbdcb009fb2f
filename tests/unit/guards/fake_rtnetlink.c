/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An rtnetlink.c that reports the interfaces, addresses and routes of a test. */
#include "fake_rtnetlink.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_link.h>
#include <linux/nexthop.h>
#include <net/if.h>
#include <string.h>

#include "rtnetlink.h"
#include "unit.h"

struct fake_kernel kernel;

/* A message that is being written: its attributes. */
struct message {
        _Alignas(8) char bytes[512];
        size_t size;
        struct netlink_attributes attributes;
};

static void put(struct message *message, unsigned type, const void *bytes, size_t size) {
        struct rtattr *attribute = (void *)(message->bytes + message->size);

        attribute->rta_len = (unsigned short)RTA_LENGTH(size);
        attribute->rta_type = (unsigned short)type;
        (void)memcpy(RTA_DATA(attribute), bytes, size);
        message->size += RTA_SPACE(size);
        message->attributes.by_type[type] = attribute;
}

static void put_number(struct message *message, unsigned type, uint32_t number) {
        if (number)
                put(message, type, &number, sizeof(number));
}

/* Returns the family. */
static uint8_t put_address(struct message *message, unsigned type, const char *text) {
        int family = strchr(text, ':') ? AF_INET6 : AF_INET;
        uint8_t bytes[16];

        ck_assert_int_eq(inet_pton(family, text, bytes), 1);
        put(message, type, bytes, family == AF_INET6 ? 16 : 4);
        return (uint8_t)family;
}

/* Puts the attribute INNER into TYPE, after one of another type. */
static void put_nested(struct message *message, unsigned type, unsigned inner, const void *bytes,
                       size_t size) {
        struct message nested = {};

        put(&nested, inner + 1, "other", sizeof("other"));
        put(&nested, inner, bytes, size);
        put(message, type, nested.bytes, nested.size);
}

static int list_links(const struct link *link, netlink_fn on_message, void *userdata) {
        int r = 0;

        for (; link && link->name && r == 0; link++) {
                struct ifinfomsg info = {.ifi_index = (int)link->index,
                                         .ifi_flags = link->down ? 0 : IFF_UP};
                struct message message = {};

                put(&message, IFLA_IFNAME, link->name, strlen(link->name) + 1);
                put_number(&message, IFLA_MASTER, link->master);
                put_number(&message, IFLA_LINK, link->link);
                if (link->link_elsewhere)
                        put(&message, IFLA_LINK_NETNSID, &link->link_namespace,
                            sizeof(link->link_namespace));
                if (link->kind)
                        put_nested(&message, IFLA_LINKINFO, IFLA_INFO_KIND, link->kind,
                                   strlen(link->kind) + 1);
                if (link->has_xdp || link->tells_no_xdp)
                        put_nested(&message, IFLA_XDP, IFLA_XDP_ATTACHED,
                                   link->has_xdp ? "\2" : "\0", 1);
                r = on_message(&info, &message.attributes, userdata);
        }
        return r;
}

static int list_addresses(netlink_fn on_message, void *userdata) {
        int r = 0;

        for (const struct address *address = kernel.addresses; address->index && r == 0;
             address++) {
                struct message message = {};
                struct ifaddrmsg info = {
                        .ifa_index = address->index,
                        .ifa_prefixlen = (uint8_t)address->length,
                        .ifa_scope = address->scope,
                        .ifa_family = AF_INET,
                };

                if (address->address)
                        info.ifa_family = put_address(
                                &message, strchr(address->address, ':') ? IFA_ADDRESS : IFA_LOCAL,
                                address->address);
                r = on_message(&info, &message.attributes, userdata);
        }
        return r;
}

static void put_ways(struct message *message, const struct route *route) {
        struct rtnexthop ways[2] = {
                {.rtnh_len = sizeof(ways[0]), .rtnh_ifindex = (int)route->index},
                {.rtnh_len = sizeof(ways[0]), .rtnh_ifindex = (int)route->other_index},
        };

        put(message, RTA_MULTIPATH, ways, sizeof(ways));
}

static int list_routes(netlink_fn on_message, void *userdata) {
        int r = 0;

        for (const struct route *route = kernel.routes; route->type && r == 0; route++) {
                struct message message = {};
                struct rtmsg info = {
                        .rtm_family = AF_INET,
                        .rtm_dst_len = (uint8_t)route->length,
                        .rtm_type = route->type,
                        .rtm_table = route->table,
                };

                if (route->to)
                        info.rtm_family = put_address(&message, RTA_DST, route->to);
                if (route->other_index)
                        put_ways(&message, route);
                else
                        put_number(&message, RTA_OIF, route->index);
                r = on_message(&info, &message.attributes, userdata);
        }
        return r;
}

static int list_next_hops(netlink_fn on_message, void *userdata) {
        int r = kernel.next_hops ? 0 : -EOPNOTSUPP;

        for (const struct next_hop *hop = kernel.next_hops; r == 0 && hop->id; hop++) {
                struct message message = {};

                put_number(&message, NHA_ID, hop->id);
                put_number(&message, NHA_OIF, hop->index);
                r = on_message(&(struct nhmsg){}, &message.attributes, userdata);
        }
        return r;
}

static int list_qdiscs(netlink_fn on_message, void *userdata) {
        int r = 0;

        for (const struct qdisc *qdisc = kernel.qdiscs; r == 0 && qdisc && qdisc->kind; qdisc++) {
                struct tcmsg info = {.tcm_ifindex = (int)qdisc->index};
                struct message message = {};

                put(&message, TCA_KIND, qdisc->kind, strlen(qdisc->kind) + 1);
                r = on_message(&info, &message.attributes, userdata);
        }
        return r;
}

int netlink_list(uint16_t type, size_t body_size, netlink_fn on_message, void *userdata) {
        if (type == kernel.fails)
                return -EPERM;
        if (type == kernel.changes && kernel.n_changes > 0) {
                kernel.n_changes--;
                return -EINTR;
        }
        switch (type) {
        case RTM_GETLINK:
                if (kernel.on_links)
                        kernel.on_links();
                ck_assert_uint_eq(body_size, sizeof(struct ifinfomsg));
                return list_links(kernel.links, on_message, userdata);
        case RTM_GETADDR:
                ck_assert_uint_eq(body_size, sizeof(struct ifaddrmsg));
                return list_addresses(on_message, userdata);
        case RTM_GETNEXTHOP:
                ck_assert_uint_eq(body_size, sizeof(struct nhmsg));
                return list_next_hops(on_message, userdata);
        case RTM_GETQDISC:
                ck_assert_uint_eq(body_size, sizeof(struct tcmsg));
                return list_qdiscs(on_message, userdata);
        default:
                ck_assert_uint_eq(type, RTM_GETROUTE);
                ck_assert_uint_eq(body_size, sizeof(struct rtmsg));
                return list_routes(on_message, userdata);
        }
}

int netlink_open(void) {
        return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

/* Of the other namespace. */
int netlink_list_from(int fd, uint16_t type, size_t body_size, netlink_fn on_message,
                      void *userdata) {
        ck_assert_int_ge(fd, 0);
        ck_assert_uint_eq(type, RTM_GETLINK);
        ck_assert_uint_eq(body_size, sizeof(struct ifinfomsg));
        return list_links(kernel.foreign_links, on_message, userdata);
}

int netlink_namespace_id(int fd, int namespace_fd, uint32_t *ret) {
        ck_assert_int_ge(fd, 0);
        ck_assert_int_ge(namespace_fd, 0);
        if (kernel.refers_to_us)
                *ret = 0;
        return kernel.refers_to_us ? 0 : -ENOENT;
}

void network_enter(void) {
        sys_enter();
        sys_device(DEVICE);
        sys_link("/sys/class/net/eth0", "../../devices/pci0000:00/" DEVICE "/net/eth0");
        sys_link("/sys/class/net/eth1", "../../devices/pci0000:00/0000:00:02.0/net/eth1");
}
