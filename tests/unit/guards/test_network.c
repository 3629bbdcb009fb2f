/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/guards: addresses and routes of a device's network interfaces. */
#include <errno.h>
#include <limits.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "check_guard.h"
#include "fake_rtnetlink.h"
#include "guards.h"
#include "unit.h"

static const struct link all_links[] = {LINKS};

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
        network_enter();
        kernel.links = row->text ? links : bare_links;
        kernel.addresses = addresses;
        kernel.routes = routes;
        handle = sys_open(DEVICE);
        assert_row(check_guard(guard_network, &handle, &finding) == (row->text != NULL), row);
        assert_row(finding.guard == (row->text ? GUARD_NETWORK : GUARD_NONE), row);
        ck_assert_str_eq(finding.text, row->text ? row->text : "");
        handle_close(&handle);
}
END_TEST

/* An interface in use prevents a tag only if the root file system is on the network. */
static const struct {
        const char *mount;
        bool is_found;
} root_rows[] = {
        {"1 0 0:30 / / rw - nfs4 192.0.2.9:/root rw\n", true},
        {"1 0 0:30 / /usr rw - nfs 192.0.2.9:/usr rw\n", true},
        {"1 0 0:30 / /boot rw - cifs //server/boot rw\n", true},
        {"1 0 0:30 / /home rw - nfs4 192.0.2.9:/home rw\n", false},
        {"1 0 8:1 / / rw - ext4 /dev/sda1 rw\n", false},
};

START_TEST(network_root_is_found) {
        static const struct address addresses[] = {{2, "192.0.2.1", 24, RT_SCOPE_UNIVERSE}, {}};
        static const struct route routes[] = {{}};
        struct finding finding = {.guard = GUARD_NONE};
        struct handle handle;

        network_enter();
        kernel.links = all_links;
        kernel.addresses = addresses;
        kernel.routes = routes;
        handle = sys_open(DEVICE);
        sys_cover("/proc");
        sys_file("/proc/self/mountinfo", root_rows[_i].mount);
        ck_assert_int_eq(guards_check_boot_use(&handle, NULL, &finding), root_rows[_i].is_found);
        ck_assert_str_eq(finding.text,
                         root_rows[_i].is_found ? "eth0 has address 192.0.2.1/24" : "");
        handle_close(&handle);
}
END_TEST

START_TEST(network_reports_errors) {
        static const uint16_t requests[] = {RTM_GETLINK, RTM_GETADDR, RTM_GETROUTE};
        const struct address no_addresses[] = {{}};
        struct finding finding = {.guard = GUARD_NONE};
        struct handle handle;

        network_enter();
        kernel.links = all_links;
        kernel.addresses = no_addresses;
        kernel.fails = requests[_i];
        handle = sys_open(DEVICE);
        ck_assert_int_eq(check_guard(guard_network, &handle, &finding), -EPERM);
        ck_assert_int_eq(finding.guard, GUARD_NONE);
        handle_close(&handle);
}
END_TEST

/* Rows: a change or two are waited for, but not changes for ever. */
START_TEST(network_is_read_again) {
        static const uint16_t requests[] = {RTM_GETLINK, RTM_GETADDR, RTM_GETROUTE};
        static const struct address addresses[] = {{2, "192.0.2.1", 24, 0}, {}};
        static const struct route no_routes[] = {{}};
        struct finding finding = {.guard = GUARD_NONE};
        struct handle handle;
        bool ends = _i < 3;

        network_enter();
        kernel.links = all_links;
        kernel.addresses = addresses;
        kernel.routes = no_routes;
        kernel.changes = requests[_i % 3];
        kernel.n_changes = ends ? 2 : UINT_MAX;
        handle = sys_open(DEVICE);
        ck_assert_int_eq(check_guard(guard_network, &handle, &finding), ends ? 1 : -EAGAIN);
        ck_assert_str_eq(finding.text, ends ? "eth0 has address 192.0.2.1/24" : "");
        handle_close(&handle);
}
END_TEST

static void add_network(TCase *tcase) {
        tcase_add_loop_test(tcase, network_use_is_found, 0, N_ROWS(use_rows));
        tcase_add_loop_test(tcase, network_root_is_found, 0, N_ROWS(root_rows));
        tcase_add_loop_test(tcase, network_reports_errors, 0, 3);
        tcase_add_loop_test(tcase, network_is_read_again, 0, 6);
}

int main(void) {
        static const struct unit_case cases[] = {
                {"network", add_network},
                {},
        };

        return unit_run("network", cases);
}
