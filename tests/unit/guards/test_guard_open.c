/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/guards: a process has a device node open. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "check_guard.h"
#include "cleanup.h"
#include "device_nodes.h"
#include "guard_scene.h"
#include "guards.h"
#include "unbinding.h"
#include "unit.h"

/* /dev/null is 1:3, /dev/zero 1:5, /dev/full 1:7. */
#define NODE DIRECTORY "/sound/card0/controlC0"

static void node(const char *directory, const char *class, const char *number, const char *uevent) {
        sys_file(sys_path("%s/dev", directory), sys_path("%s\n", number));
        sys_link(sys_path("%s/subsystem", directory), sys_path("../../../../../class/%s", class));
        if (uevent)
                sys_file(sys_path("%s/uevent", directory), uevent);
}

static void sound_node(void) {
        node(NODE, "sound", "1:3", "MAJOR=1\nMINOR=3\nDEVNAME=snd/controlC0\n");
}

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

static void two_nodes(void) {
        sound_node();
        node(DIRECTORY "/vfio-dev/vfio3", "vfio-dev", "1:5", NULL);
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

static struct handle open_with_node(void (*make)(void)) {
        struct handle handle;

        scene_enter();
        make();
        handle = sys_open(DEVICE);
        sys_cover("/proc");
        sys_directory("/proc/1/fd");
        sys_file("/proc/uptime", "");
        sys_directory("/proc/4712"); /* a process that ended */
        sys_link("/proc/4711/fd/1", "/gone");
        sys_link("/proc/4711/fd/2", "/dev/full");
        return handle;
}

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

static const struct {
        const char *why, *maps, *range; /* RANGE: in map_files */
        bool is_found;
} map_rows[] = {
        {"a mapping", "7f00000000-7f00001000 rw-s 00000000 00:05 314   /dev/x\n",
         "7f00000000-7f00001000", true},
        {"a low address", "00400000-00401000 r--p 00000000 103:02 314   /dev/x\n", "400000-401000",
         true},
        {"after a program", "1000-2000 r-xp 00000000 08:01 7 /a\n3000-4000 r--s 0 00:05 8 /dev/x\n",
         "3000-4000", true},
        {"the second part of a program",
         "1000-2000 r-xp 0 08:01 7 /a\n3000-4000 r--p 0 08:01 7 /a\n", "3000-4000", false},
        {"memory", "1000-2000 rw-p 00000000 00:00 0\n", "1000-2000", false},
        {"no line of maps", "1000\n\n1000-2000\n", "1000-2000", false},
        {"unmapped meanwhile", "1000-2000 rw-s 00000000 00:05 314 /dev/x\n", "5000-6000", false},
};

/* A node that is mapped, and not open. */
START_TEST(mapped_node_is_found) {
        const __typeof__(*map_rows) *row = &map_rows[_i];
        struct finding finding = {.guard = GUARD_NONE};
        struct handle handle = open_with_node(sound_node);

        sys_file("/proc/4711/comm", "a\n");
        sys_file("/proc/4711/maps", row->maps);
        sys_link(sys_path("/proc/4711/map_files/%s", row->range), "/dev/null");
        assert_row(check_guard(guard_open, &handle, &finding) == row->is_found, row);
        ck_assert_str_eq(finding.text,
                         row->is_found ? "process 4711 (a) has /dev/snd/controlC0 mapped" : "");
        handle_close(&handle);
}
END_TEST

/* The main thread has ended: /proc/PID/fd is empty. */
START_TEST(open_node_of_thread) {
        struct finding finding = {.guard = GUARD_NONE};
        struct handle handle = open_with_node(sound_node);

        sys_directory("/proc/4714/fd");
        sys_directory("/proc/4714/task/4714/fd");
        sys_directory("/proc/4714/task/4715"); /* a thread that ended */
        sys_link("/proc/4714/task/4716/fd/3", "/dev/null");
        sys_directory("/proc/4714/task/4717"); /* another one: a directory may have any order */
        ck_assert_int_eq(check_guard(guard_open, &handle, &finding), 1);
        ck_assert_str_eq(finding.text, "process 4714 () has /dev/snd/controlC0 open");
        handle_close(&handle);
}
END_TEST

/*
 * A device without a driver is not checked. Force overrides a node of a driver, but not one of
 * VFIO.
 */
START_TEST(open_node_is_checked) {
        struct finding finding;
        struct handle handle = open_with_node(sound_node);

        sys_link("/proc/4711/fd/3", "/dev/null");
        ck_assert_int_eq(guards_check_bind(&handle, NULL, 0, &finding), 1);
        ck_assert_int_eq(finding.guard, GUARD_OPEN);
        ck_assert_int_eq(guards_check_bind(&handle, NULL, GUARDS_FORCE, &finding), 0);
        ck_assert_int_eq(guards_check(&handle, NULL, &finding), 1);
        ck_assert_int_eq(guards_check_use(&handle, NULL, &finding), 1);
        ck_assert_int_eq(finding.guard, GUARD_OPEN);
        node(DIRECTORY "/vfio-dev/vfio3", "vfio-dev", "1:5", NULL);
        sys_link("/proc/4711/fd/4", "/dev/zero");
        ck_assert_int_eq(guards_check_bind(&handle, NULL, GUARDS_FORCE, &finding), 1);
        ck_assert_int_eq(finding.guard, GUARD_VFIO_USER);
        sys_hold(DEVICE, NULL);
        ck_assert_int_eq(guards_check_bind(&handle, NULL, 0, &finding), 0);
        handle_close(&handle);
}
END_TEST

/* A finding that force does not override replaces one that it does. */
START_TEST(open_node_is_not_hidden) {
        struct finding finding;
        struct handle handle = open_with_node(sound_node);

        sys_link("/proc/4711/fd/3", "/dev/null");
        sys_file(DIRECTORY "/sriov_numvfs", "2\n");
        ck_assert_int_eq(guards_check_bind(&handle, NULL, GUARDS_FORCE, &finding), 1);
        ck_assert_int_eq(finding.guard, GUARD_FUNCTIONS);
        handle_close(&handle);
}
END_TEST

/* A dry run lists the findings of all guards, those that force does not override first. */
START_TEST(all_findings_are_listed) {
        static const char all[] =
                "it has virtual functions (2; the first is unknown), which unbinding "
                "would remove; process 4711 () has /dev/snd/controlC0 open; "
                "it is the display that the firmware booted on";
        struct finding finding;
        struct handle handle = open_with_node(sound_node);

        sys_link("/proc/4711/fd/3", "/dev/null");
        sys_file(DIRECTORY "/boot_vga", "1\n");
        ck_assert_int_eq(guards_check_bind(&handle, NULL, GUARDS_DRY_RUN | GUARDS_FORCE, &finding),
                         0);
        ck_assert_int_eq(finding.guard, GUARD_OPEN);
        sys_file(DIRECTORY "/sriov_numvfs", "2\n");
        ck_assert_int_eq(guards_check_bind(&handle, NULL, GUARDS_DRY_RUN | GUARDS_FORCE, &finding),
                         1);
        ck_assert_int_eq(finding.guard, GUARD_FUNCTIONS);
        ck_assert_str_eq(finding.text, all);
        handle.header_type = 1;
        ck_assert_int_eq(guards_check_bind(&handle, NULL, GUARDS_DRY_RUN, &finding), 1);
        ck_assert_int_eq(finding.guard, GUARD_HEADER);
        ck_assert_str_eq(finding.text, "it is a PCI bridge");
        handle_close(&handle);
}
END_TEST

/* A process that may not be examined is an error only before an operation. */
START_TEST(open_node_among_others) {
        struct finding finding = {.guard = GUARD_NONE};
        struct handle handle = open_with_node(sound_node);

        sys_directory("/proc/4710/fd");
        sys_directory("/proc/4713/fd");
        ck_assert_int_eq(chmod("/proc/4710/fd", 0), 0);
        ck_assert_int_eq(chmod("/proc/4713/fd", 0), 0);
        drop_capabilities();
        ck_assert_int_eq(guards_check_bind(&handle, NULL, GUARDS_FORCE, &finding), -EACCES);
        ck_assert_int_eq(guards_check(&handle, NULL, &finding), 0);
        sys_link("/proc/4711/fd/3", "/dev/null");
        ck_assert_int_eq(guards_check_bind(&handle, NULL, 0, &finding), 1);
        ck_assert_int_eq(guards_check(&handle, NULL, &finding), 1);
        ck_assert_str_eq(finding.text, "process 4711 () has /dev/snd/controlC0 open");
        handle_close(&handle);
}
END_TEST

/* In both orders: a directory may list the newest file first or last. */
START_TEST(open_node_of_vfio_comes_first) {
        struct finding finding = {.guard = GUARD_NONE};
        struct handle handle = open_with_node(two_nodes);

        if (_i)
                sys_link("/proc/4711/fd/4", "/dev/zero");
        sys_link("/proc/4711/fd/3", "/dev/null");
        if (!_i)
                sys_link("/proc/4711/fd/4", "/dev/zero");
        ck_assert_int_eq(guards_check(&handle, NULL, &finding), 1);
        ck_assert_int_eq(finding.guard, GUARD_VFIO_USER);
        handle_close(&handle);
}
END_TEST

static uid_t process_owner;

int __wrap_fstat64(int fd, struct stat *ret);
int __real_fstat64(int fd, struct stat *ret);

/* The owner of a process is that of its directory in /proc. A namespace of the test has one user
 * only. */
int __wrap_fstat64(int fd, struct stat *ret) {
        int r = __real_fstat64(fd, ret);

        if (r == 0 && S_ISDIR(ret->st_mode) && process_owner)
                ret->st_uid = process_owner;
        return r;
}

START_TEST(open_node_of_another_user) {
        struct finding finding = {.guard = GUARD_NONE};
        struct handle handle = open_with_node(sound_node);

        sys_link("/proc/4711/fd/3", "/dev/null");
        sys_file("/proc/4711/comm", "systemd-udevd\n");
        ck_assert_int_eq(guards_check(&handle, NULL, &finding), 0);
        process_owner = 1000;
        ck_assert_int_eq(guards_check(&handle, NULL, &finding), 1);
        handle_close(&handle);
}
END_TEST

/* The user ends while the guard waits for it. */
START_TEST(open_node_is_closed) {
        struct finding finding;
        struct handle handle = open_with_node(sound_node);
        pid_t child;

        sys_link("/proc/4711/fd/3", "/dev/null");
        child = fork();
        ck_assert_int_ge(child, 0);
        if (child == 0) {
                (void)usleep(300000);
                _exit(unlink("/proc/4711/fd/3"));
        }
        ck_assert_int_eq(guards_check_bind(&handle, NULL, 0, &finding), 0);
        ck_assert_int_eq(access("/proc/4711/fd/3", F_OK), -1);
        handle_close(&handle);
}
END_TEST

/* The process ends after the walk through all processes. */
START_TEST(open_node_of_ended_process) {
        _cleanup_(snapshot_done) struct snapshot snapshot = {};
        struct finding finding = {.guard = GUARD_NONE};
        struct handle handle = open_with_node(sound_node);

        sys_link("/proc/4711/fd/3", "/dev/null");
        ck_assert_int_eq(guards_check_use(&handle, &snapshot, &finding), 1);
        ck_assert_int_eq(rename("/proc/4711", "/proc/ended"), 0);
        ck_assert_int_eq(guards_check_use(&handle, &snapshot, &finding), 0);
        handle_close(&handle);
}
END_TEST

/* The driver has removed the nodes by then, and the device is bound to none. */
START_TEST(open_node_of_unbinding) {
        struct unbinding record = {
                .driver = "snd_hda_intel",
                .n_nodes = 3,
                .nodes = {{.number = makedev(1, 33), .path = "/dev/snd/pcmC0D0p"},
                          {.number = makedev(1, 3), .is_block = true, .path = "/dev/sda"},
                          {.number = makedev(1, 3), .path = "/dev/snd/controlC0"}},
        };
        struct finding finding;
        struct handle handle = open_with_node(sound_node);
        int fd;

        sys_hold(DEVICE, NULL);
        sys_cover("/run");
        ck_assert_int_eq(guards_check_use(&handle, NULL, &finding), 0);
        fd = unbinding_begin(&handle, &record);
        ck_assert_int_ge(fd, 0);
        ck_assert_int_eq(guards_check_unbinding(&handle, &finding), 1);
        ck_assert_str_eq(finding.text, "being unbound from snd_hda_intel for 0 s");
        sys_link("/proc/4711/fd/3", "/dev/null");
        ck_assert_int_eq(guards_check_use(&handle, NULL, &finding), 1);
        ck_assert_int_eq(finding.guard, GUARD_UNBINDING);
        ck_assert_int_eq(guards_check_bind(&handle, NULL, GUARDS_FORCE, &finding), 1);
        ck_assert_int_eq(finding.guard, GUARD_UNBINDING);
        ck_assert_str_eq(finding.text, "being unbound from snd_hda_intel for 0 s: process 4711 () "
                                       "has /dev/snd/controlC0 open");
        unbinding_end(&handle, fd);
        ck_assert_int_eq(guards_check_unbinding(&handle, &finding), 0);
        handle_close(&handle);
}
END_TEST

static void add_open(TCase *tcase) {
        tcase_add_loop_test(tcase, open_node_is_found, 0, N_ROWS(open_rows));
        tcase_add_loop_test(tcase, nvidia_has_node, 0, N_ROWS(nvidia_rows));
        tcase_add_loop_test(tcase, mapped_node_is_found, 0, N_ROWS(map_rows));
        tcase_add_test(tcase, open_node_of_thread);
        tcase_add_test(tcase, open_node_is_checked);
        tcase_add_test(tcase, open_node_is_not_hidden);
        tcase_add_test(tcase, all_findings_are_listed);
        tcase_add_test(tcase, open_node_among_others);
        tcase_add_loop_test(tcase, open_node_of_vfio_comes_first, 0, 2);
        tcase_add_test(tcase, open_node_of_another_user);
        tcase_add_test(tcase, open_node_is_closed);
        tcase_add_test(tcase, open_node_of_ended_process);
        tcase_add_test(tcase, open_node_of_unbinding);
        /* Each refusal takes two seconds */
        tcase_set_timeout(tcase, 60);
}

int main(void) {
        static const struct unit_case cases[] = {
                {"open", add_open},
                {},
        };

        return unit_run("guard-open", cases);
}
