/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/guards: what is read of the host is read once for each snapshot. */
#include <string.h>

#include "fake_rtnetlink.h"
#include "guard.h"
#include "unit.h"

#define DIRECTORY SYS_ROOT DEVICE
#define DISK      "/sys/devices/pci0000:00/" DEVICE "/block/sda"

static const struct link links[] = {{.name = "eth0", .index = 2}, {}};
static const struct address no_address[] = {{}}, address[] = {{2, "192.0.2.1", 24, 0}, {}};
static const struct route no_route[] = {{}};

static void no_mount(void) {
        sys_file("/proc/self/mountinfo", "");
}

static void mount(void) {
        sys_file("/proc/self/mountinfo", "27 1 8:0 / /srv rw - ext4 /dev/sda rw\n");
}

static void add_disk(void) {
        sys_file(DISK "/dev", "8:0\n");
        sys_directory(DISK "/holders");
        sys_link("/sys/class/block/sda", "../../devices/pci0000:00/" DEVICE "/block/sda");
}

static void add_mounted_disk(void) {
        add_disk();
        mount();
}

static void no_open(void) {
        sys_directory("/proc/4711/fd");
}

static void open_node(void) {
        sys_link("/proc/4711/fd/3", "/dev/null");
}

static void add_interface_address(void) {
        kernel.addresses = address;
}

static void add_packet_socket(void) {
        sys_file("/proc/net/packet", "sk RefCnt Type Proto Iface\n0 3 3 0003 2 1\n");
}

static void nothing(void) {
}

static const struct {
        const char *why;
        guard_fn guard;
        void (*before)(void), (*change)(void); /* CHANGE makes a use */
} rows[] = {
        {"a mount", guard_block, no_mount, mount},
        {"a disk", guard_block, nothing, add_mounted_disk},
        {"an open node", guard_open, no_open, open_node},
        {"an address", guard_network, nothing, add_interface_address},
        {"a packet socket", guard_network, nothing, add_packet_socket},
};

static void make_host(void) {
        network_enter();
        kernel.links = links;
        kernel.addresses = no_address;
        kernel.routes = no_route;
        sys_file(DIRECTORY "/sound/card0/dev", "1:3\n");
}

START_TEST(host_is_read_once) {
        const __typeof__(*rows) *row = &rows[_i];
        struct snapshot snapshot = {};
        struct finding finding = {.guard = GUARD_NONE};
        struct handle handle;
        struct guard_target target = {.handle = &handle, .snapshot = &snapshot};

        make_host();
        if (row->change == mount)
                add_disk();
        handle = sys_open(DEVICE);
        sys_cover("/proc");
        row->before();
        assert_row(row->guard(&target, &finding) == 0, row);
        row->change();
        assert_row(row->guard(&target, &finding) == 0, row);
        snapshot_done(&snapshot);
        assert_row(row->guard(&target, &finding) == 1, row);
        snapshot_done(&snapshot);
        handle_close(&handle);
}
END_TEST

static void add_snapshot(TCase *tcase) {
        tcase_add_loop_test(tcase, host_is_read_once, 0, N_ROWS(rows));
}

int main(void) {
        static const struct unit_case cases[] = {
                {"snapshot", add_snapshot},
                {},
        };

        return unit_run("snapshot", cases);
}
