/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/guards: the network interfaces of a device. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "fake_rtnetlink.h"
#include "network_interfaces.h"
#include "unit.h"

static const struct link all_links[] = {LINKS};

static const struct interface *find(const struct interface *list, const char *name) {
        while (list && strcmp(list->name, name) != 0)
                list = list->next;
        return list;
}

static const struct {
        const char *why, *name, *lower; /* LOWER: NULL for the device's own; "" if not affected */
} affected_rows[] = {
        {"the device's own", "eth0", NULL},        {"a VLAN upon it", "eth0.5", "eth0"},
        {"a bridge that has it", "br0", "eth0.5"}, {"upon the bridge", "br0.7", "br0"},
        {"of another device", "eth1", ""},         {"upon another device's", "eth1.5", ""},
        {"upon one elsewhere", "far", ""},         {"upon nothing", "lo", ""},
};

START_TEST(interface_is_affected) {
        const __typeof__(*affected_rows) *row = &affected_rows[_i];
        const struct interface *interface;
        struct interface *list;
        struct arena arena = {};
        struct snapshot snapshot = {};
        struct handle handle;

        network_enter();
        kernel.links = all_links;
        handle = sys_open(DEVICE);
        ck_assert_int_eq(interfaces_find(&handle, &snapshot, &arena, &list), 0);
        interface = find(list, row->name);
        assert_row((interface != NULL) == (!row->lower || row->lower[0] != '\0'), row);
        assert_row(!interface || strcmp(interface->lower ? interface->lower->name : "",
                                        row->lower ? row->lower : "") == 0,
                   row);
        arena_done(&arena);
        snapshot_done(&snapshot);
        handle_close(&handle);
}
END_TEST

static const struct link long_name[] = {{.name = "1234567890123456", .index = 1}, {}};

START_TEST(interface_has_long_name) {
        struct interface *list = NULL;
        struct arena arena = {};
        struct snapshot snapshot = {};
        struct handle handle;

        network_enter();
        kernel.links = long_name;
        handle = sys_open(DEVICE);
        ck_assert_int_eq(interfaces_find(&handle, &snapshot, &arena, &list), -EBADMSG);
        ck_assert_ptr_null(list);
        arena_done(&arena);
        snapshot_done(&snapshot);
        handle_close(&handle);
}
END_TEST

static void rename_interface(void) {
        ck_assert_int_eq(unlink("/sys/class/net/eth0"), 0);
        sys_link("/sys/class/net/lan0", "../../devices/pci0000:00/" DEVICE "/net/lan0");
        kernel.on_links = NULL;
}

static const struct link renamed[] = {{.name = "lo", .index = 1}, {.name = "lan0", .index = 2}, {}};

START_TEST(interface_is_renamed) {
        struct interface *list = NULL;
        struct arena arena = {};
        struct snapshot snapshot = {};
        struct handle handle;

        network_enter();
        kernel.links = renamed;
        kernel.on_links = rename_interface;
        handle = sys_open(DEVICE);
        ck_assert_int_eq(interfaces_find(&handle, &snapshot, &arena, &list), 0);
        ck_assert_ptr_nonnull(find(list, "lan0"));
        arena_done(&arena);
        snapshot_done(&snapshot);
        handle_close(&handle);
}
END_TEST

static void add_interfaces(TCase *tcase) {
        tcase_add_loop_test(tcase, interface_is_affected, 0, N_ROWS(affected_rows));
        tcase_add_test(tcase, interface_has_long_name);
        tcase_add_test(tcase, interface_is_renamed);
}

int main(void) {
        static const struct unit_case cases[] = {
                {"interfaces", add_interfaces},
                {},
        };

        return unit_run("network-interfaces", cases);
}
