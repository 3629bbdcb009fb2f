/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/guards: ports, sockets, XDP and tc programs, next hop objects, and other
 * network namespaces. */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "check_guard.h"
#include "fake_rtnetlink.h"
#include "unit.h"

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
        network_enter();
        kernel.links = links;
        kernel.addresses = no_addresses;
        kernel.routes = no_routes;
        handle = sys_open(DEVICE);
        sys_cover("/proc");
        write_net("packet", row->packet);
        write_net("pppoe", row->pppoe);
        r = check_guard(guard_network, &handle, &finding);
        assert_row(r == (row->text != NULL), row);
        assert_row(finding.guard == (row->text ? GUARD_NETWORK : GUARD_NONE), row);
        ck_assert_str_eq(finding.text, row->text ? row->text : "");
        handle_close(&handle);
}
END_TEST

static const struct {
        const char *why;
        struct qdisc qdisc;
        struct next_hop hop;
        const char *text; /* NULL: nothing is found */
} object_rows[] = {
        {"tc programs", {2, "clsact"}, {}, "eth0 has a qdisc for tc filters"},
        {"tc filters of what it receives", {2, "ingress"}, {}, "eth0 has a qdisc for tc filters"},
        {"the kernel's own queues", {2, "fq_codel"}, {}, NULL},
        {"another's tc programs", {3, "clsact"}, {}, NULL},
        {"a next hop object", {}, {7, 2}, "eth0 is a next hop of routes: id 7"},
        {"another's next hop object", {}, {7, 3}, NULL},
        {"a group of next hop objects", {}, {7, 0}, NULL},
};

START_TEST(object_is_found) {
        const __typeof__(*object_rows) *row = &object_rows[_i];
        static const struct link links[] = {BARE_LINKS, {}};
        const struct address no_addresses[] = {{}};
        const struct route no_routes[] = {{}};
        const struct qdisc qdiscs[] = {row->qdisc, {}};
        const struct next_hop hops[] = {row->hop, {}};
        struct finding finding = {.guard = GUARD_NONE};
        struct handle handle;

        network_enter();
        kernel = (struct fake_kernel){.links = links,
                                      .addresses = no_addresses,
                                      .routes = no_routes,
                                      .qdiscs = qdiscs,
                                      .next_hops = hops};
        handle = sys_open(DEVICE);
        sys_cover("/proc");
        assert_row(check_guard(guard_network, &handle, &finding) == (row->text != NULL), row);
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

        network_enter();
        kernel.links = links;
        kernel.addresses = no_addresses;
        kernel.routes = no_routes;
        handle = sys_open(DEVICE);
        sys_cover("/proc");
        sys_directory(files[_i]); /* read fails with EISDIR */
        ck_assert_int_eq(check_guard(guard_network, &handle, &finding), -EISDIR);
        ck_assert_int_eq(finding.guard, GUARD_NONE);
        handle_close(&handle);
}
END_TEST

/* --- an interface in another network namespace --- */

/* Sysfs counts such an interface in the links of net/, and does not list it. */
static const char *unlisted = "";

/* What is left is never nothing, which would be the end: "." is in each directory. */
ssize_t getdents64(int fd, void *buffer, size_t size) {
        static ssize_t (*list)(int, void *, size_t);
        ssize_t n, kept = 0;
        size_t length;

        if (!list)
                list = (ssize_t(*)(int, void *, size_t))dlsym(RTLD_NEXT, "getdents64");
        n = list(fd, buffer, size);
        for (ssize_t at = 0; at < n; at += (ssize_t)length) {
                struct dirent64 *entry = (struct dirent64 *)((char *)buffer + at);

                length = entry->d_reclen;
                if (strcmp(entry->d_name, unlisted) == 0)
                        continue;
                memmove((char *)buffer + kept, entry, length);
                kept += (ssize_t)length;
        }
        return n <= 0 ? n : kept;
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

        network_enter();
        sys_directory(SYS_ROOT DEVICE "/net/eth1");
        sys_file(SYS_ROOT DEVICE "/net/bonding_masters", ""); /* no interface */
        sys_directory(sys_path(SYS_ROOT DEVICE "/%s", row->directory));
        kernel.links = links;
        handle = sys_open(DEVICE);
        sys_cover("/proc");
        unlisted = row->unlisted;
        assert_row(check_guard(guard_network, &handle, &finding) == (row->text != NULL), row);
        ck_assert_str_eq(finding.text, row->text ? row->text : "");
        handle_close(&handle);
}
END_TEST

static void add_uses(TCase *tcase) {
        tcase_add_loop_test(tcase, dependent_is_found, 0, N_ROWS(dependent_rows));
        tcase_add_loop_test(tcase, object_is_found, 0, N_ROWS(object_rows));
        tcase_add_loop_test(tcase, sockets_cannot_be_read, 0, 2);
        tcase_add_loop_test(tcase, moved_is_found, 0, N_ROWS(moved_rows));
}

int main(void) {
        static const struct unit_case cases[] = {
                {"uses", add_uses},
                {},
        };

        return unit_run("network-uses", cases);
}
