/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/guards: the device nodes of a device that a process may have open. */
#include <limits.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "check_guard.h"
#include "device_nodes.h"
#include "guards.h"
#include "node_scene.h"
#include "unit.h"

/* The same number as a block device. */
static void block_node(void) {
        node(NODE, "block", "1:3", NULL);
}

static void vfio_node(void) {
        node(DIRECTORY "/vfio-dev/vfio3", "vfio-dev", "1:3", NULL);
}

static void deep_node(void) {
        node(DIRECTORY "/usb1/1-1/1-1:1.0/host0/target0:0:0/0:0:0:0/bsg/0:0:0:0", "bsg", "1:3",
             NULL);
}

static void unnamed_node(void) {
        node(NODE, "sound", "1:3", "NOT_DEVNAME=snd/controlC0\n");
}

static void hostile_node(void) {
        node(NODE, "sound", "1:3", "DEVNAME=a\033[2J\n");
}

/* Of another device, to which only a link leads. */
static void linked_node(void) {
        sys_device("0000:00:02.0");
        node(SYS_ROOT "0000:00:02.0/sound/card1", "sound", "1:3", NULL);
        sys_link(DIRECTORY "/virtfn0", "../0000:00:02.0");
}

static void other_node(void) {
        node(NODE, "sound", "1:33", NULL);
}

static void bad_number(void) {
        node(NODE, "sound", "1:3:1", NULL);
}

/* A user-space driver, as that of DPDK or SPDK. */
static void uio_node(void) {
        node(DIRECTORY "/uio/uio0", "uio", "1:3", "DEVNAME=uio0\n");
}

/* A child device that a bus driver has bound. */
static void vdpa_node(void) {
        node(DIRECTORY "/vdpa0/vhost-vdpa-0", "vhost-vdpa", "1:3", "DEVNAME=vhost-vdpa-0\n");
}

static void rdma_node(void) {
        node(DIRECTORY "/mlx5_core.rdma.0/infiniband_verbs/uverbs0", "infiniband_verbs", "1:3",
             "DEVNAME=infiniband/uverbs0\n");
}

/* A mediated device has an IOMMU group of its own. */
static void mdev_node(void) {
        sys_link(DIRECTORY "/83b8f4f2-509f-382f-3c1e-e6bfe0fa1001/iommu_group",
                 "../../../../kernel/iommu_groups/27");
        sys_file("/sys/class/vfio/27/dev", "1:3\n");
}

static void mdev_of_other_number(void) {
        mdev_node();
        sys_file("/sys/class/vfio/27/dev", "1:33\n");
}

/* Below no device: NVMe multipath. */
static void nvme_node(void) {
        static const char subsystem[] = "/sys/devices/virtual/nvme-subsystem/nvme-subsys0";

        sys_link("/sys/class/block/nvme0c0n1",
                 "../../devices/pci0000:00/" DEVICE "/nvme/nvme0/nvme0c0n1");
        sys_directory(DIRECTORY "/nvme/nvme0/nvme0c0n1");
        sys_directory(sys_path("%s/nvme0n1", subsystem));
        sys_link("/sys/class/block/nvme0n1", sys_path("%s/nvme0n1", subsystem));
        sys_file(sys_path("%s/ng0n1/dev", subsystem), "1:3\n");
        sys_link("/sys/class/nvme-generic/ng0n1", sys_path("%s/ng0n1", subsystem));
}

static void no_node(void) {
}

static const struct {
        const char *why;
        void (*make)(void);
        const char *comm, *fdinfo, *text; /* TEXT: NULL: nothing is found */
        enum guard guard;
} open_rows[] = {
        {"a sound card's", sound_node, "pipewire\n", NULL,
         "process 4711 (pipewire) has /dev/snd/controlC0 open", GUARD_OPEN},
        {"without a name of its own", unnamed_node, "a\n", NULL,
         "process 4711 (a) has /dev/controlC0 open", GUARD_OPEN},
        {"deep below", deep_node, "a\n", NULL, "process 4711 (a) has /dev/0:0:0:0 open",
         GUARD_OPEN},
        {"of VFIO", vfio_node, "qemu\n", NULL, "process 4711 (qemu) has /dev/vfio3 open",
         GUARD_VFIO_USER},
        {"one that force passes, and one that it does not", two_nodes, "a\n", NULL,
         "process 4711 (a) has /dev/vfio3 open", GUARD_VFIO_USER},
        {"hostile", hostile_node, "a\033[2J\n", NULL,
         "process 4711 (a\\x1b[2J) has /dev/a\\x1b[2J open", GUARD_OPEN},
        {"of a process without a name", sound_node, NULL, NULL,
         "process 4711 () has /dev/snd/controlC0 open", GUARD_OPEN},
        {"of uio", uio_node, "spdk\n", NULL, "process 4711 (spdk) has /dev/uio0 open", GUARD_OPEN},
        {"of vDPA", vdpa_node, "qemu\n", NULL, "process 4711 (qemu) has /dev/vhost-vdpa-0 open",
         GUARD_OPEN},
        {"of RDMA", rdma_node, "a\n", NULL, "process 4711 (a) has /dev/infiniband/uverbs0 open",
         GUARD_OPEN},
        {"of NVMe multipath", nvme_node, "spdk\n", NULL, "process 4711 (spdk) has /dev/ng0n1 open",
         GUARD_OPEN},
        {"of a mediated device", mdev_node, "qemu\n", NULL,
         "process 4711 (qemu) has /dev/vfio/27 open", GUARD_VFIO_USER},
        {"of another mediated device", mdev_of_other_number, "qemu\n", NULL, NULL, GUARD_NONE},
        {"a block device of that number", block_node, "a\n", NULL, NULL, GUARD_NONE},
        {"of another device", linked_node, "a\n", NULL, NULL, GUARD_NONE},
        {"of another number", other_node, "a\n", NULL, NULL, GUARD_NONE},
        {"of a number that is none", bad_number, "a\n", NULL, NULL, GUARD_NONE},
        {"none", no_node, "a\n", NULL, NULL, GUARD_NONE},
        {"by its path alone", sound_node, "a\n", "pos:\t0\nflags:\t012100000\n", NULL, GUARD_NONE},
        {"by itself, as fdinfo has it", sound_node, "a\n", "pos:\t0\nflags:\t0100002\n",
         "process 4711 (a) has /dev/snd/controlC0 open", GUARD_OPEN},
        {"udevd looks at it", sound_node, "(udev-worker)\n", NULL, NULL, GUARD_NONE},
        {"an older udevd", sound_node, "systemd-udevd\n", NULL, NULL, GUARD_NONE},
        {"logind watches it", sound_node, "systemd-logind\n", NULL, NULL, GUARD_NONE},
        {"a name that begins as logind's", sound_node, "systemd-logind2\n", NULL,
         "process 4711 (systemd-logind2) has /dev/snd/controlC0 open", GUARD_OPEN},
};

START_TEST(open_node_is_found) {
        const __typeof__(*open_rows) *row = &open_rows[_i];
        struct finding finding = {.guard = GUARD_NONE};
        struct handle handle = open_with_node(row->make);

        sys_link("/proc/4711/fd/3", "/dev/null");
        sys_link("/proc/4711/fd/4", "/dev/zero");
        if (row->comm)
                sys_file("/proc/4711/comm", row->comm);
        if (row->fdinfo)
                sys_file("/proc/4711/fdinfo/3", row->fdinfo);
        assert_row(check_guard(guard_open, &handle, &finding) == (row->text != NULL), row);
        assert_row(finding.guard == row->guard, row);
        ck_assert_str_eq(finding.text, row->text ? row->text : "");
        handle_close(&handle);
}
END_TEST

/* --- nodes that sysfs does not list --- */

static void nvidia_card(void) {
        sys_file(DIRECTORY "/modalias", "pci:v000010DEd000026B9sv000010DEsd00001851bc03sc02i00\n");
}

static const struct {
        const char *why, *sysname, *text;
        unsigned minor_number; /* UINT_MAX: no node is found */
} nvidia_rows[] = {
        {"as the driver prints it", DEVICE,
         "Model: \t\t NVIDIA L40S\nIRQ:   \t\t 98\nBus Location: \t " DEVICE
         "\nDevice Minor: \t 12\nGPU Firmware: \t 550.54.15\n",
         12},
        {"no number", DEVICE, "Model: \t\t NVIDIA L40S\nDevice Minor: \t \n", UINT_MAX},
        {"no such line", DEVICE, "Model: \t\t NVIDIA L40S\n", UINT_MAX},
        {"another card", "0000:00:02.0", "Device Minor: \t 12\n", UINT_MAX},
};

START_TEST(nvidia_has_node) {
        const __typeof__(*nvidia_rows) *row = &nvidia_rows[_i];
        struct handle handle = open_with_node(nvidia_card);
        struct device_node *nodes = NULL;
        struct snapshot snapshot = {};
        struct arena arena = {};

        sys_file(sys_path("/proc/driver/nvidia/gpus/%s/information", row->sysname), row->text);
        ck_assert_int_eq(device_nodes_find(&handle, &snapshot, &arena, &nodes), 0);
        assert_row((nodes != NULL) == (row->minor_number != UINT_MAX), row);
        if (nodes) {
                ck_assert_str_eq(nodes->path, "/dev/nvidia12");
                ck_assert(nodes->number == makedev(195, row->minor_number));
        }
        arena_done(&arena);
        snapshot_done(&snapshot);
        handle_close(&handle);
}
END_TEST

static void add_nodes(TCase *tcase) {
        tcase_add_loop_test(tcase, open_node_is_found, 0, N_ROWS(open_rows));
        tcase_add_loop_test(tcase, nvidia_has_node, 0, N_ROWS(nvidia_rows));
}

int main(void) {
        static const struct unit_case cases[] = {
                {"nodes", add_nodes},
                {},
        };

        return unit_run("device-nodes", cases);
}
