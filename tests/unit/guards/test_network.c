/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Unit tests of src/sysfs: network interfaces behind a device, with a kernel that tells of those
 * that the rows name. This program has a netlink_list() of its own; test_guards.c has the
 * real one.
 */
#include <arpa/inet.h>
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <linux/if_link.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "guard.h"
#include "network_interfaces.h"
#include "rtnetlink.h"
#include "sys.h"
#include "unit.h"

#define DEVICE "0000:00:01.0"

/* --- what the kernel tells --- */

struct link {
        const char *name;
        const char *kind; /* NULL: the message has none */
        uint32_t index, master, link;
        bool down, link_elsewhere, has_xdp, tells_no_xdp;
};

struct address {
        uint32_t index;
        const char *address; /* NULL: the message has none */
        unsigned length;
        uint8_t scope;
};

struct route {
        uint32_t index, other_index; /* the other: of a second way, and then the first is one too */
        const char *to;              /* NULL: the default */
        unsigned length;
        uint8_t type, table;
};

static struct {
        const struct link *links;
        const struct address *addresses;
        const struct route *routes;
        uint16_t fails; /* this request, by EPERM */
} kernel;

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

static int tell_links(netlink_fn on_message, void *userdata) {
        int r = 0;

        for (const struct link *link = kernel.links; link->name && r == 0; link++) {
                struct ifinfomsg info = {.ifi_index = (int)link->index,
                                         .ifi_flags = link->down ? 0 : IFF_UP};
                struct message message = {};

                put(&message, IFLA_IFNAME, link->name, strlen(link->name) + 1);
                put_number(&message, IFLA_MASTER, link->master);
                put_number(&message, IFLA_LINK, link->link);
                put_number(&message, IFLA_LINK_NETNSID, link->link_elsewhere);
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

static int tell_addresses(netlink_fn on_message, void *userdata) {
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

static int tell_routes(netlink_fn on_message, void *userdata) {
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

int netlink_list(uint16_t type, size_t body_size, netlink_fn on_message, void *userdata) {
        if (type == kernel.fails)
                return -EPERM;
        switch (type) {
        case RTM_GETLINK:
                ck_assert_uint_eq(body_size, sizeof(struct ifinfomsg));
                return tell_links(on_message, userdata);
        case RTM_GETADDR:
                ck_assert_uint_eq(body_size, sizeof(struct ifaddrmsg));
                return tell_addresses(on_message, userdata);
        default:
                ck_assert_uint_eq(type, RTM_GETROUTE);
                ck_assert_uint_eq(body_size, sizeof(struct rtmsg));
                return tell_routes(on_message, userdata);
        }
}

/* --- interfaces.h --- */

/* eth0 is the device's; eth1, another's. */
#define LINKS                                                                                      \
        {.name = "lo", .index = 1}, {.name = "eth1", .index = 3},                                  \
                {.name = "eth0.5", .index = 4, .master = 6, .link = 2}, /* a VLAN; br0 has it */   \
                {.name = "far", .index = 5, .link = 2, .link_elsewhere = true}, /* of another 2 */ \
                {.name = "br0", .index = 6}, {.name = "br0.7", .index = 7, .link = 6},             \
                {.name = "eth1.5", .index = 8, .link = 3}, {.name = "eth0", .index = 2}, {         \
        }

static const struct link all_links[] = {LINKS};

/* Without those upon eth0, which are a use of it. */
#define BARE_LINKS                                                                                 \
        {.name = "lo", .index = 1}, {.name = "eth1", .index = 3},                                  \
                {.name = "far", .index = 5, .link = 2, .link_elsewhere = true},                    \
                {.name = "eth1.5", .index = 8, .link = 3}, {                                       \
                .name = "eth0", .index = 2                                                         \
        }

static void enter(void) {
        sys_enter();
        sys_device(DEVICE);
        sys_link("/sys/class/net/eth0", "../../devices/pci0000:00/" DEVICE "/net/eth0");
        sys_link("/sys/class/net/eth1", "../../devices/pci0000:00/0000:00:02.0/net/eth1");
}

static const struct interface *find(const struct interface *list, const char *name) {
        while (list && strcmp(list->name, name) != 0)
                list = list->next;
        ck_assert_ptr_nonnull(list);
        return list;
}

static const struct {
        const char *why, *name, *lower; /* UNDER: NULL for the device's own; "" where not taken */
} taken_rows[] = {
        {"the device's own", "eth0", NULL},        {"a VLAN upon it", "eth0.5", "eth0"},
        {"a bridge that has it", "br0", "eth0.5"}, {"upon the bridge", "br0.7", "br0"},
        {"of another device", "eth1", ""},         {"upon another device's", "eth1.5", ""},
        {"upon one elsewhere", "far", ""},         {"upon nothing", "lo", ""},
};

START_TEST(interface_is_taken) {
        const __typeof__(*taken_rows) *row = &taken_rows[_i];
        const struct interface *interface;
        struct interface *list;
        struct arena arena = {};
        struct handle handle;

        enter();
        kernel.links = all_links;
        handle = sys_open(DEVICE);
        ck_assert_int_eq(interfaces_find(&handle, &arena, &list), 0);
        interface = find(list, row->name);
        assert_row(interface->affected == (!row->lower || row->lower[0] != '\0'), row);
        assert_row(strcmp(interface->lower ? interface->lower->name : "",
                          row->lower ? row->lower : "") == 0,
                   row);
        arena_done(&arena);
        handle_close(&handle);
}
END_TEST

static const struct link long_name[] = {{.name = "1234567890123456", .index = 1}, {}};

START_TEST(interface_has_long_name) {
        struct interface *list = NULL;
        struct arena arena = {};
        struct handle handle;

        enter();
        kernel.links = long_name;
        handle = sys_open(DEVICE);
        ck_assert_int_eq(interfaces_find(&handle, &arena, &list), -EBADMSG);
        ck_assert_ptr_null(list);
        arena_done(&arena);
        handle_close(&handle);
}
END_TEST

static void add_interfaces(TCase *tcase) {
        tcase_add_loop_test(tcase, interface_is_taken, 0, N_ROWS(taken_rows));
        tcase_add_test(tcase, interface_has_long_name);
}

/* --- the guard --- */

#define UNICAST RTN_UNICAST, RT_TABLE_MAIN

static const struct {
        const char *why;
        bool down;
        struct address address;
        struct route route;
        const char *text; /* NULL: nothing is found */
} use_rows[] = {
        {"nothing", false, {}, {}, NULL},
        {"an address",
         false,
         {2, "192.0.2.1", 24, RT_SCOPE_UNIVERSE},
         {},
         "eth0 has address 192.0.2.1/24"},
        {"an address of IPv6",
         false,
         {2, "2001:db8::1", 64, RT_SCOPE_UNIVERSE},
         {},
         "eth0 has address 2001:db8::1/64"},
        {"an address of a site",
         false,
         {2, "10.0.0.1", 8, RT_SCOPE_SITE},
         {},
         "eth0 has address 10.0.0.1/8"},
        {"it is down", true, {2, "192.0.2.1", 24, RT_SCOPE_UNIVERSE}, {}, NULL},
        {"what the kernel gives to each", false, {2, "fe80::1", 64, RT_SCOPE_LINK}, {}, NULL},
        {"an address of the host", false, {2, "127.0.0.2", 8, RT_SCOPE_HOST}, {}, NULL},
        {"another's address", false, {3, "192.0.2.1", 24, RT_SCOPE_UNIVERSE}, {}, NULL},
        {"a message without an address", false, {2, NULL, 24, RT_SCOPE_UNIVERSE}, {}, NULL},
        {"upon it",
         false,
         {4, "192.0.2.1", 24, RT_SCOPE_UNIVERSE},
         {},
         "eth0.5 on eth0 has address 192.0.2.1/24"},
        {"upon what is upon it",
         false,
         {6, "192.0.2.1", 24, RT_SCOPE_UNIVERSE},
         {},
         "br0 on eth0.5 has address 192.0.2.1/24"},
        {"a route",
         false,
         {},
         {2, 0, "198.51.100.0", 24, UNICAST},
         "eth0 has a route: 198.51.100.0/24"},
        {"a default route", false, {}, {2, 0, NULL, 0, UNICAST}, "eth0 has a route: default"},
        {"a route of IPv6",
         false,
         {},
         {2, 0, "2001:db8::", 32, UNICAST},
         "eth0 has a route: 2001:db8::/32"},
        {"a route of several ways, the first",
         false,
         {},
         {2, 3, NULL, 0, UNICAST},
         "eth0 has a route: default"},
        {"a route of several ways, the last",
         false,
         {},
         {3, 2, NULL, 0, UNICAST},
         "eth0 has a route: default"},
        {"a route of several ways of others", false, {}, {3, 8, NULL, 0, UNICAST}, NULL},
        {"another's route", false, {}, {3, 0, NULL, 0, UNICAST}, NULL},
        {"a route of no interface", false, {}, {0, 0, NULL, 0, UNICAST}, NULL},
        {"a local route", false, {}, {2, 0, "192.0.2.1", 32, RTN_LOCAL, RT_TABLE_LOCAL}, NULL},
        {"in the local table",
         false,
         {},
         {2, 0, "192.0.2.1", 32, RTN_UNICAST, RT_TABLE_LOCAL},
         NULL},
        {"a broadcast", false, {}, {2, 0, "192.0.2.255", 32, RTN_BROADCAST, RT_TABLE_MAIN}, NULL},
        {"the link's own", false, {}, {2, 0, "fe80::", 64, UNICAST}, NULL},
        {"to febf::, which is the link's as well", false, {}, {2, 0, "febf::", 64, UNICAST}, NULL},
        {"to fec0::, which is not",
         false,
         {},
         {2, 0, "fec0::", 64, UNICAST},
         "eth0 has a route: fec0::/64"},
        {"multicast", false, {}, {2, 0, "ff00::", 8, UNICAST}, NULL},
};

START_TEST(network_use_is_found) {
        const __typeof__(*use_rows) *row = &use_rows[_i];
        struct finding finding = {.guard = GUARD_NONE};
        struct link links[] = {LINKS}, bare_links[] = {BARE_LINKS, {}};
        const struct address addresses[] = {row->address, {}};
        const struct route routes[] = {row->route, {}};
        struct handle handle;

        for (int i = 0; bare_links[i].name; i++)
                bare_links[i].down = row->down;
        enter();
        kernel.links = row->text ? links : bare_links;
        kernel.addresses = addresses;
        kernel.routes = routes;
        handle = sys_open(DEVICE);
        assert_row(guard_network(&handle, &finding) == (row->text != NULL), row);
        assert_row(finding.guard == (row->text ? GUARD_NETWORK : GUARD_NONE), row);
        ck_assert_str_eq(finding.text, row->text ? row->text : "");
        handle_close(&handle);
}
END_TEST

START_TEST(network_tells_errors) {
        static const uint16_t requests[] = {RTM_GETLINK, RTM_GETADDR, RTM_GETROUTE};
        const struct address no_addresses[] = {{}};
        struct finding finding = {.guard = GUARD_NONE};
        struct handle handle;

        enter();
        kernel.links = all_links;
        kernel.addresses = no_addresses;
        kernel.fails = requests[_i];
        handle = sys_open(DEVICE);
        ck_assert_int_eq(guard_network(&handle, &finding), -EPERM);
        ck_assert_int_eq(finding.guard, GUARD_NONE);
        handle_close(&handle);
}
END_TEST

#define PACKET_HEADING "sk       RefCnt Type Proto  Iface R Rmem   User   Inode\n"
#define PPPOE_HEADING  "Id       Address              Device\n"

/* One interface more, and the files of /proc/net; no address, no route. */
static const struct {
        const char *why;
        struct link eth0, more; /* eth0: what differs from that of BARE_LINKS */
        const char *packet, *pppoe;
        const char *text; /* NULL: nothing is found */
} dependent_rows[] = {
        {"nothing", {}, {}, PACKET_HEADING, PPPOE_HEADING, NULL},
        {"no such files", {}, {}, NULL, NULL, NULL},
        {"a bridge port",
         {.master = 6},
         {.name = "br0", .index = 6, .kind = "bridge"},
         NULL,
         NULL,
         "eth0 is a port of the bridge br0"},
        {"a bridge port, both down",
         {.master = 6, .down = true},
         {.name = "br0", .index = 6, .kind = "bridge", .down = true},
         NULL,
         NULL,
         "eth0 is a port of the bridge br0"},
        {"Open vSwitch",
         {.master = 6},
         {.name = "ovs-system", .index = 6, .kind = "openvswitch", .down = true},
         NULL,
         NULL,
         "eth0 is a port of the openvswitch ovs-system"},
        {"a port of what has no kind",
         {.master = 3},
         {.name = "x", .index = 6},
         NULL,
         NULL,
         "eth0 is a port of eth1"},
        {"the bridge is in another namespace", {.master = 99}, {}, NULL, NULL, NULL},
        {"another's port", {}, {.name = "y", .index = 6, .master = 3}, NULL, NULL, NULL},
        {"a macvlan that is up",
         {},
         {.name = "mac0", .index = 6, .link = 2, .kind = "macvlan"},
         NULL,
         NULL,
         "eth0 is the lower device of the macvlan mac0"},
        {"a VLAN that is down",
         {},
         {.name = "eth0.5", .index = 6, .link = 2, .kind = "vlan", .down = true},
         NULL,
         NULL,
         NULL},
        {"its link is itself", {.link = 2}, {}, NULL, NULL, NULL},
        {"another's VLAN",
         {},
         {.name = "v", .index = 6, .link = 3, .kind = "vlan"},
         NULL,
         NULL,
         NULL},
        {"an XDP program", {.has_xdp = true}, {}, NULL, NULL, "eth0 has an XDP program attached"},
        {"no XDP program", {.tells_no_xdp = true}, {}, NULL, NULL, NULL},
        {"XDP on another", {}, {.name = "x", .index = 6, .has_xdp = true}, NULL, NULL, NULL},
        {"a PPPoE session",
         {.down = true},
         {},
         NULL,
         PPPOE_HEADING "4D2A0100 52:54:00:12:34:56     eth1\n"
                       "4D2A0000 52:54:00:12:34:56     eth0\n",
         "eth0 carries a PPPoE session"},
        {"another's PPPoE session",
         {},
         {},
         NULL,
         PPPOE_HEADING "4D2A0000 52:54:00:12:34:56     eth01\n4D2A0000 eth0\n",
         NULL},
        {"a PPPoE session upon it",
         {},
         {.name = "eth0.7", .index = 6, .link = 2, .down = true, .kind = "vlan"},
         NULL,
         PPPOE_HEADING "00001000 52:54:00:12:34:56   eth0.7\n",
         "eth0.7 on eth0 carries a PPPoE session"},
        {"a heading is no session",
         {},
         {.name = "Device", .index = 6, .link = 2, .down = true, .kind = "vlan"},
         NULL,
         PPPOE_HEADING,
         NULL},
        {"a packet socket",
         {.down = true},
         {},
         PACKET_HEADING "0000000000000000 3      3    88cc   3     1 0      0      11\n"
                        "ffff8c4a01e1b000 3      3    0003   2     1 0      0      15733\n",
         NULL,
         "eth0: a process has a packet socket on it"},
        {"packet sockets of others and of all",
         {},
         {},
         PACKET_HEADING "0000000000000002 2      2    0002   3     2 2      2      2\n"
                        "0000000000000000 3      3    0003   0     1 0      0      12\n"
                        "0000000000000000 3      3    0003   22    1 0      0      13\n"
                        "0000000000000000 3\n",
         NULL,
         NULL},
};

/* The kernel's table of sockets. */
static void write_net(const char *name, const char *text) {
        if (text)
                sys_file(sys_path("/proc/net/%s", name), text);
}

START_TEST(dependent_is_found) {
        const __typeof__(*dependent_rows) *row = &dependent_rows[_i];
        struct finding finding = {.guard = GUARD_NONE};
        struct link links[] = {row->more.name ? row->more
                                              : (struct link){.name = "lo2", .index = 9},
                               BARE_LINKS,
                               {}};
        struct link *eth0 = &links[N_ROWS(links) - 2];
        const struct address no_addresses[] = {{}};
        const struct route no_routes[] = {{}};
        struct handle handle;
        int r;

        *eth0 = row->eth0;
        eth0->name = "eth0";
        eth0->index = 2;
        enter();
        kernel.links = links;
        kernel.addresses = no_addresses;
        kernel.routes = no_routes;
        handle = sys_open(DEVICE);
        sys_cover("/proc");
        write_net("packet", row->packet);
        write_net("pppoe", row->pppoe);
        r = guard_network(&handle, &finding);
        assert_row(r == (row->text != NULL), row);
        assert_row(finding.guard == (row->text ? GUARD_NETWORK : GUARD_NONE), row);
        ck_assert_str_eq(finding.text, row->text ? row->text : "");
        handle_close(&handle);
}
END_TEST

START_TEST(sockets_cannot_be_read) {
        static const char *const files[] = {"/proc/net/pppoe", "/proc/net/packet"};
        static const struct link links[] = {BARE_LINKS, {}};
        const struct address no_addresses[] = {{}};
        const struct route no_routes[] = {{}};
        struct finding finding = {.guard = GUARD_NONE};
        struct handle handle;

        enter();
        kernel.links = links;
        kernel.addresses = no_addresses;
        kernel.routes = no_routes;
        handle = sys_open(DEVICE);
        sys_cover("/proc");
        sys_directory(files[_i]); /* read fails with EISDIR */
        ck_assert_int_eq(guard_network(&handle, &finding), -EIO);
        ck_assert_int_eq(finding.guard, GUARD_NONE);
        handle_close(&handle);
}
END_TEST

/* --- an interface in another network namespace --- */

/* Sysfs counts such an interface in the links of net/, and does not list it. */
static const char *unlisted = "";

struct dirent *readdir(DIR *directory) {
        static struct dirent *(*listed)(DIR *);
        struct dirent *entry;

        if (!listed)
                listed = (struct dirent * (*)(DIR *)) dlsym(RTLD_NEXT, "readdir");
        do
                entry = listed(directory);
        while (entry && strcmp(entry->d_name, unlisted) == 0);
        return entry;
}

#define MOVED "a network interface of it is in another network namespace"

static const struct {
        const char *why, *directory, *unlisted;
        const char *text; /* NULL: nothing is found */
} moved_rows[] = {
        {"none", "power", "", NULL},
        {"one in this namespace", "net/eth0/queues", "", NULL},
        {"one in another", "net/eth0/queues", "eth0", MOVED},
        {"two, one of them in another", "net/eth5", "eth5", MOVED},
        {"below a virtio device", "virtio0/net/eth5", "eth5", MOVED},
        {"below a USB host controller", "usb1/1-1/1-1.2/1-1.2:1.0/net/eth5", "eth5", MOVED},
        {"what is no interface", "virtio0/other/eth5", "eth5", NULL},
};

START_TEST(moved_is_found) {
        const __typeof__(*moved_rows) *row = &moved_rows[_i];
        static const struct link links[] = {{.name = "lo", .index = 1}, {}};
        struct finding finding = {.guard = GUARD_NONE};
        struct handle handle;

        enter();
        sys_directory(SYS_ROOT DEVICE "/net/eth1");
        sys_file(SYS_ROOT DEVICE "/net/bonding_masters", ""); /* no interface */
        sys_directory(sys_path(SYS_ROOT DEVICE "/%s", row->directory));
        kernel.links = links;
        handle = sys_open(DEVICE);
        sys_cover("/proc");
        unlisted = row->unlisted;
        assert_row(guard_network(&handle, &finding) == (row->text != NULL), row);
        ck_assert_str_eq(finding.text, row->text ? row->text : "");
        handle_close(&handle);
}
END_TEST

static void add_use(TCase *tcase) {
        tcase_add_loop_test(tcase, dependent_is_found, 0, N_ROWS(dependent_rows));
        tcase_add_loop_test(tcase, sockets_cannot_be_read, 0, 2);
        tcase_add_loop_test(tcase, moved_is_found, 0, N_ROWS(moved_rows));
        tcase_add_loop_test(tcase, network_use_is_found, 0, N_ROWS(use_rows));
        tcase_add_loop_test(tcase, network_tells_errors, 0, 3);
}

int main(void) {
        static const struct unit_case cases[] = {
                {"interfaces", add_interfaces},
                {"use", add_use},
                {},
        };

        return unit_run("network", cases);
}
