/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/sysfs: the guards but for block devices and networks, and their order. */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/capability.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "guard.h"
#include "guards.h"
#include "sys.h"
#include "unit.h"

#define DEVICE    "0000:00:01.0"
#define DIRECTORY SYS_ROOT DEVICE

static void enter(void) {
        sys_enter();
        sys_device(DEVICE);
        sys_group(DEVICE, "12");
        sys_driver("e1000e", "e1000e");
        sys_hold(DEVICE, "e1000e");
}

/* --- what stands in the way --- */

static void nothing(void) {
}

static void bridge(void) {
        sys_file(DIRECTORY "/class", "0x060400\n");
}

static void cardbus(void) {
        sys_file(DIRECTORY "/class", "0x060700\n");
}

static void iommu(void) {
        sys_file(DIRECTORY "/class", "0x080600\n");
}

static void no_pci(void) {
        ck_assert_int_eq(unlink(DIRECTORY "/class"), 0);
}

static void bad_class(void) {
        sys_file(DIRECTORY "/class", "bad\n");
}

#define NO_GROUP  "it has no IOMMU group (the IOMMU is off, or there is none)"
#define PARAMETER "/sys/module/vfio/parameters/enable_unsafe_noiommu_mode"

static void no_group(void) {
        ck_assert_int_eq(unlink(DIRECTORY "/iommu_group"), 0);
}

static void no_group_mode_on(void) {
        no_group();
        sys_file(PARAMETER, "Y\n");
}

static void no_group_mode_off(void) {
        no_group();
        sys_file(PARAMETER, "N\n");
}

static void no_group_no_mode(void) {
        no_group();
        sys_file("/sys/module/vfio/version", "0.3\n");
}

/* It matters only to a device without a group. */
static void group_mode_on(void) {
        sys_file(PARAMETER, "Y\n");
}

static void no_group_but_display(void) {
        no_group_mode_on();
        sys_file(DIRECTORY "/boot_vga", "1\n");
}

static void display(void) {
        sys_file(DIRECTORY "/boot_vga", "1\n");
}

static void member(const char *driver, const char *directory) {
        sys_device("0000:00:01.1");
        sys_group("0000:00:01.1", "12");
        if (driver)
                sys_driver(driver, NULL);
        if (directory)
                sys_directory(sys_path(SYS_ROOT "0000:00:01.1/%s", directory));
        sys_hold("0000:00:01.1", driver);
}

static void native_member(void) {
        member("snd_hda_intel", NULL);
}

/* Tagged as well, so that the rules have written ahead where it will go. */
static void leaving_member(void) {
        member("snd_hda_intel", NULL);
        sys_file(SYS_ROOT "0000:00:01.1/driver_override", "vfio-pci\n");
}

static void kept_member(void) {
        member("snd_hda_intel", NULL);
        sys_file(SYS_ROOT "0000:00:01.1/driver_override", "snd_hda_intel\n");
}

static void free_member(void) {
        member(NULL, NULL);
}

static void vfio_member(void) {
        member("vfio-pci", NULL);
}

static void odd_vfio_member(void) {
        member("nvidia", "vfio-dev/vfio0");
}

static void stub_member(void) {
        member("pci-stub", NULL);
}

static void port_member(void) {
        member("pcieport", NULL);
}

/* A third one, whose name sorts before that of the second. */
static void two_members(void) {
        member("snd_hda_intel", NULL);
        sys_device("0000:00:00.7");
        sys_group("0000:00:00.7", "12");
        sys_driver("xhci_hcd", NULL);
        sys_hold("0000:00:00.7", "xhci_hcd");
}

static void no_functions(void) {
        sys_file(DIRECTORY "/sriov_numvfs", "0\n");
}

static void functions(void) {
        sys_file(DIRECTORY "/sriov_numvfs", "2\n");
        sys_device("0000:00:02.0");
        sys_link(DIRECTORY "/virtfn0", "../0000:00:02.0");
}

static void hostile_functions(void) {
        sys_file(DIRECTORY "/sriov_numvfs", "\033[2J\n");
}

static void hostile_member(void) {
        member("a\nb\033[1m", NULL);
}

static const struct {
        const char *why;
        void (*make)(void);
        const char *text;
        enum guard guard;
        int forced; /* with force */
} guard_rows[] = {
        {"nothing", nothing, "", GUARD_NONE, 0},
        {"a bridge", bridge, "it is a PCI bridge", GUARD_HEADER, 1},
        {"a CardBus bridge", cardbus, "it is a CardBus bridge", GUARD_HEADER, 1},
        {"an IOMMU", iommu, "it is an IOMMU", GUARD_HEADER, 1},
        {"a device of another bus", no_pci, "", GUARD_NONE, 0},
        {"no group, vfio not loaded", no_group,
         NO_GROUP ", and whether VFIO's no-IOMMU mode is on is not known: the module vfio is not "
                  "loaded (modprobe vfio)",
         GUARD_NO_IOMMU, 1},
        {"no group, mode off", no_group_mode_off,
         NO_GROUP ", and VFIO's no-IOMMU mode is off (the parameter enable_unsafe_noiommu_mode of "
                  "the module vfio is N)",
         GUARD_NO_IOMMU, 1},
        {"no group, a kernel without the mode", no_group_no_mode,
         NO_GROUP ", and the kernel has no no-IOMMU mode for VFIO (CONFIG_VFIO_NOIOMMU is not set)",
         GUARD_NO_IOMMU, 1},
        {"no group, mode on", no_group_mode_on,
         NO_GROUP ", so that a guest with it can access all memory", GUARD_NO_GROUP, 0},
        {"no group, mode on, the boot display", no_group_but_display,
         NO_GROUP ", so that a guest with it can access all memory; it is the display that the "
                  "firmware booted on",
         GUARD_NO_GROUP, 0},
        {"a group, mode on", group_mode_on, "", GUARD_NONE, 0},
        {"the boot display", display, "it is the display that the firmware booted on",
         GUARD_DISPLAY, 0},
        {"another member", native_member, "0000:00:01.1 is bound to snd_hda_intel", GUARD_GROUP, 0},
        {"another member, whose override names another driver", leaving_member,
         "0000:00:01.1 is bound to snd_hda_intel", GUARD_GROUP, 0},
        {"another member, kept by its override", kept_member,
         "0000:00:01.1 is bound to snd_hda_intel", GUARD_GROUP, 0},
        {"another member without a driver", free_member, "", GUARD_NONE, 0},
        {"another member on VFIO", vfio_member, "", GUARD_NONE, 0},
        {"another member on VFIO, by its directory", odd_vfio_member, "", GUARD_NONE, 0},
        {"another member on pci-stub", stub_member, "", GUARD_NONE, 0},
        {"the port above", port_member, "", GUARD_NONE, 0},
        {"two other members, the first by name", two_members,
         "0000:00:00.7 is bound to xhci_hcd (and 1 more of its IOMMU group)", GUARD_GROUP, 0},
        {"a physical function without virtual ones", no_functions, "", GUARD_NONE, 0},
        {"virtual functions", functions,
         "it has virtual functions (2; the first is 0000:00:02.0), which unbinding would remove",
         GUARD_FUNCTIONS, 1},
        {"virtual functions, a hostile number", hostile_functions,
         "it has virtual functions (\\x1b[2J; the first is unknown), which unbinding would remove",
         GUARD_FUNCTIONS, 1},
        {"another member, of a hostile name", hostile_member,
         "0000:00:01.1 is bound to a\\x0ab\\x1b[1m", GUARD_GROUP, 0},
};

START_TEST(guards_find) {
        const __typeof__(*guard_rows) *row = &guard_rows[_i];
        struct finding finding;
        struct handle handle;

        enter();
        row->make();
        handle = sys_open(DEVICE);
        assert_row(guards_check_bind(&handle, NULL, false, &finding) == (row->guard != GUARD_NONE),
                   row);
        assert_row(finding.guard == row->guard, row);
        ck_assert_str_eq(finding.text, row->text);
        assert_row(guards_check_bind(&handle, NULL, true, &finding) == row->forced, row);
        assert_row(finding.guard == row->guard, row);
        ck_assert_str_eq(finding.text, row->text);
        assert_row(guards_check(&handle, &finding) == (row->guard != GUARD_NONE), row);
        assert_row(finding.guard == row->guard, row);
        ck_assert_str_eq(finding.text, row->text);
        handle_close(&handle);
}
END_TEST

/* Where a guard can't look, nobody may act. */
START_TEST(guards_tell_errors) {
        struct finding finding = {.guard = GUARD_DISPLAY};
        struct handle handle;

        enter();
        bad_class();
        handle = sys_open(DEVICE);
        ck_assert_int_eq(guards_check_bind(&handle, NULL, true, &finding), -EBADMSG);
        ck_assert_int_eq(guards_check(&handle, &finding), -EBADMSG);
        ck_assert_int_eq(finding.guard, GUARD_DISPLAY);
        handle_close(&handle);
}
END_TEST

START_TEST(guards_have_order) {
        static const char all[] = NO_GROUP ", so that a guest with it can access all memory; it is "
                                           "the display that the firmware booted on";
        struct finding finding;
        struct handle handle;

        enter();
        no_group_mode_on();
        display();
        handle = sys_open(DEVICE);
        for (int force = 0; force <= 1; force++) {
                ck_assert_int_eq(guards_check_bind(&handle, NULL, force, &finding), !force);
                ck_assert_int_eq(finding.guard, GUARD_NO_GROUP);
                ck_assert_str_eq(finding.text, all);
        }
        bridge();
        ck_assert_int_eq(guards_check_bind(&handle, NULL, true, &finding), 1);
        ck_assert_int_eq(finding.guard, GUARD_HEADER);
        ck_assert_str_eq(finding.text, "it is a PCI bridge");
        handle_close(&handle);
}
END_TEST

START_TEST(guards_yield) {
        static const enum guard yielding[] = {GUARD_NO_GROUP, GUARD_GROUP, GUARD_NETWORK,
                                              GUARD_DISPLAY, GUARD_OPEN},
                                never[] = {GUARD_NONE, GUARD_HEADER, GUARD_VFIO_USER, GUARD_BLOCK,
                                           GUARD_NO_IOMMU};

        for (int i = 0; i < N_ROWS(yielding); i++)
                ck_assert(guard_can_be_forced(yielding[i]));
        for (int i = 0; i < N_ROWS(never); i++)
                ck_assert(!guard_can_be_forced(never[i]));
}
END_TEST

static void add_guards(TCase *tcase) {
        tcase_add_loop_test(tcase, guards_find, 0, N_ROWS(guard_rows));
        tcase_add_test(tcase, guards_tell_errors);
        tcase_add_test(tcase, guards_have_order);
        tcase_add_test(tcase, guards_yield);
}

/* --- who has it open --- */

static const struct {
        const char *why, *link, *comm; /* of descriptor 3 of process 4711 */
        const char *text;              /* NULL: nothing is found */
} user_rows[] = {
        {"the group", "/dev/vfio/12", "qemu-system-x86\n",
         "process 4711 (qemu-system-x86) has /dev/vfio/12 open"},
        {"the device", "/dev/vfio/devices/vfio3", "qemu\n",
         "process 4711 (qemu) has /dev/vfio/devices/vfio3 open"},
        {"a node that was made anew", "/dev/vfio/12 (deleted)", "qemu\n",
         "process 4711 (qemu) has /dev/vfio/12 open"},
        {"another group", "/dev/vfio/1", "qemu\n", NULL},
        {"another group, whose name begins so", "/dev/vfio/123", "qemu\n", NULL},
        {"another device", "/dev/vfio/devices/vfio31", "qemu\n", NULL},
        {"the container alone", "/dev/vfio/vfio", "qemu\n", NULL},
        {"a file of that name", "/home/dev/vfio/12", "qemu\n", NULL},
        {"a socket", "socket:[12]", "qemu\n", NULL},
        {"a hostile process", "/dev/vfio/12", "a\033[2J) has\nnothing",
         "process 4711 (a\\x1b[2J) has\\x0anothing) has /dev/vfio/12 open"},
        {"a process without a name", "/dev/vfio/12", NULL, "process 4711 () has /dev/vfio/12 open"},
};

static struct handle open_in_use(void) {
        struct handle handle;

        enter();
        sys_file(DIRECTORY "/vfio-dev/vfio3/dev", "511:3\n");
        handle = sys_open(DEVICE);
        sys_cover("/dev");
        sys_cover("/proc");
        sys_directory("/proc/1/fd");
        sys_file("/proc/uptime", "");
        sys_directory("/proc/4712"); /* it ends: its descriptors are gone */
        return handle;
}

START_TEST(vfio_user_is_found) {
        const __typeof__(*user_rows) *row = &user_rows[_i];
        struct finding finding = {.guard = GUARD_NONE};
        struct handle handle = open_in_use();

        sys_file("/dev/vfio/12", "");
        sys_file("/dev/vfio/devices/vfio3", "");
        sys_link("/proc/4711/fd/0", "/dev/null");
        sys_link("/proc/4711/fd/3", row->link);
        if (row->comm)
                sys_file("/proc/4711/comm", row->comm);
        assert_row(guard_vfio_user(&handle, &finding) == (row->text != NULL), row);
        assert_row(finding.guard == (row->text ? GUARD_VFIO_USER : GUARD_NONE), row);
        ck_assert_str_eq(finding.text, row->text ? row->text : "");
        assert_row(guards_check_unbind(&handle, &finding) == (row->text != NULL), row);
        handle_close(&handle);
}
END_TEST

/* Nobody has open what is not there; then nobody is asked. */
START_TEST(vfio_user_without_node) {
        struct finding finding = {.guard = GUARD_NONE};
        struct handle handle = open_in_use();

        sys_link("/proc/4711/fd/3", "/dev/vfio/12");
        ck_assert_int_eq(guard_vfio_user(&handle, &finding), 0);
        sys_file("/dev/vfio/12", "");
        ck_assert_int_eq(guard_vfio_user(&handle, &finding), 1);
        handle_close(&handle);
}
END_TEST

/* From now on a file's mode counts, as for who isn't root. */
static void become_ordinary(void) {
        struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
        struct __user_cap_data_struct capabilities[_LINUX_CAPABILITY_U32S_3];

        ck_assert_int_eq((int)syscall(SYS_capget, &header, capabilities), 0);
        capabilities[0].effective &=
                ~(CAP_TO_MASK(CAP_DAC_OVERRIDE) | CAP_TO_MASK(CAP_DAC_READ_SEARCH));
        ck_assert_int_eq((int)syscall(SYS_capset, &header, capabilities), 0);
}

/* Who may not look into a process doesn't know; who only wants to know is told of the others. */
START_TEST(vfio_user_among_others) {
        struct finding finding = {.guard = GUARD_NONE};
        struct handle handle = open_in_use();

        sys_file("/dev/vfio/12", "");
        sys_directory("/proc/4710/fd");
        sys_directory("/proc/4713/fd");
        ck_assert_int_eq(chmod("/proc/4710/fd", 0), 0);
        ck_assert_int_eq(chmod("/proc/4713/fd", 0), 0);
        become_ordinary();
        ck_assert_int_eq(guards_check_bind(&handle, NULL, false, &finding), -EACCES);
        ck_assert_int_eq(guards_check(&handle, &finding), 0);
        sys_link("/proc/4711/fd/3", "/dev/vfio/12");
        ck_assert_int_eq(guards_check_bind(&handle, NULL, false, &finding), 1);
        ck_assert_int_eq(guards_check(&handle, &finding), 1);
        ck_assert_str_eq(finding.text, "process 4711 () has /dev/vfio/12 open");
        handle_close(&handle);
}
END_TEST

static void add_vfio_user(TCase *tcase) {
        tcase_add_loop_test(tcase, vfio_user_is_found, 0, N_ROWS(user_rows));
        tcase_add_test(tcase, vfio_user_without_node);
        tcase_add_test(tcase, vfio_user_among_others);
}

/* --- who has a node of its driver open: /dev/null is 1:3, /dev/zero 1:5, /dev/full 1:7 --- */

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

static void no_node(void) {
}

static const struct {
        const char *why;
        void (*make)(void);
        const char *comm, *fdinfo, *text; /* TEXT: NULL where nothing is found */
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

        enter();
        make();
        handle = sys_open(DEVICE);
        sys_cover("/proc");
        sys_directory("/proc/1/fd");
        sys_file("/proc/uptime", "");
        sys_directory("/proc/4712"); /* it ends: its descriptors are gone */
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
        assert_row(guard_open(&handle, &finding) == (row->text != NULL), row);
        assert_row(finding.guard == row->guard, row);
        ck_assert_str_eq(finding.text, row->text ? row->text : "");
        handle_close(&handle);
}
END_TEST

/* A device that no driver holds is not asked about; force passes the node, but not VFIO's. */
START_TEST(open_node_is_asked) {
        struct finding finding;
        struct handle handle = open_with_node(sound_node);

        sys_link("/proc/4711/fd/3", "/dev/null");
        ck_assert_int_eq(guards_check_bind(&handle, NULL, false, &finding), 1);
        ck_assert_int_eq(finding.guard, GUARD_OPEN);
        ck_assert_int_eq(guards_check_bind(&handle, NULL, true, &finding), 0);
        ck_assert_int_eq(guards_check(&handle, &finding), 1);
        ck_assert_int_eq(guards_check_use(&handle, &finding), 1);
        ck_assert_int_eq(finding.guard, GUARD_OPEN);
        node(DIRECTORY "/vfio-dev/vfio3", "vfio-dev", "1:5", NULL);
        sys_link("/proc/4711/fd/4", "/dev/zero");
        ck_assert_int_eq(guards_check_bind(&handle, NULL, true, &finding), 1);
        ck_assert_int_eq(finding.guard, GUARD_VFIO_USER);
        sys_hold(DEVICE, NULL);
        ck_assert_int_eq(guards_check_bind(&handle, NULL, false, &finding), 0);
        handle_close(&handle);
}
END_TEST

/* A user that never yields takes the place of what force would pass. */
START_TEST(open_node_is_not_hidden) {
        struct finding finding;
        struct handle handle = open_with_node(sound_node);

        sys_link("/proc/4711/fd/3", "/dev/null");
        sys_file(DIRECTORY "/sriov_numvfs", "2\n");
        ck_assert_int_eq(guards_check_bind(&handle, NULL, true, &finding), 1);
        ck_assert_int_eq(finding.guard, GUARD_FUNCTIONS);
        handle_close(&handle);
}
END_TEST

/* A process that may not be examined: only the caller that acts must know of it. */
START_TEST(open_node_among_others) {
        struct finding finding = {.guard = GUARD_NONE};
        struct handle handle = open_with_node(sound_node);

        sys_directory("/proc/4710/fd");
        sys_directory("/proc/4713/fd");
        ck_assert_int_eq(chmod("/proc/4710/fd", 0), 0);
        ck_assert_int_eq(chmod("/proc/4713/fd", 0), 0);
        become_ordinary();
        ck_assert_int_eq(guards_check_bind(&handle, NULL, true, &finding), -EACCES);
        ck_assert_int_eq(guards_check(&handle, &finding), 0);
        sys_link("/proc/4711/fd/3", "/dev/null");
        ck_assert_int_eq(guards_check_bind(&handle, NULL, false, &finding), 1);
        ck_assert_int_eq(guards_check(&handle, &finding), 1);
        ck_assert_str_eq(finding.text, "process 4711 () has /dev/snd/controlC0 open");
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
        ck_assert_int_eq(guards_check_bind(&handle, NULL, false, &finding), 0);
        ck_assert_int_eq(access("/proc/4711/fd/3", F_OK), -1);
        handle_close(&handle);
}
END_TEST

static void add_open(TCase *tcase) {
        tcase_add_loop_test(tcase, open_node_is_found, 0, N_ROWS(open_rows));
        tcase_add_test(tcase, open_node_is_asked);
        tcase_add_test(tcase, open_node_is_not_hidden);
        tcase_add_test(tcase, open_node_among_others);
        tcase_add_test(tcase, open_node_is_closed);
        /* Each refusal takes two seconds */
        tcase_set_timeout(tcase, 60);
}

/* --- the network, as the kernel itself tells it --- */

static void set_address(struct ifreq *request, const char *address) {
        struct sockaddr_in in = {.sin_family = AF_INET};

        ck_assert_int_eq(inet_pton(AF_INET, address, &in.sin_addr), 1);
        (void)memcpy(&request->ifr_addr, &in, sizeof(in));
}

static void raise_loopback(const char *address) {
        struct ifreq request = {.ifr_name = "lo"};
        int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

        ck_assert_int_ge(fd, 0);
        set_address(&request, address);
        ck_assert_int_eq(ioctl(fd, SIOCSIFADDR, &request), 0);
        set_address(&request, "255.255.255.0");
        ck_assert_int_eq(ioctl(fd, SIOCSIFNETMASK, &request), 0);
        request.ifr_flags = IFF_UP;
        ck_assert_int_eq(ioctl(fd, SIOCSIFFLAGS, &request), 0);
        (void)close(fd);
}

START_TEST(network_is_asked) {
        struct finding finding = {.guard = GUARD_NONE};
        struct handle handle;

        enter();
        sys_link("/sys/class/net/lo", "../../devices/pci0000:00/" DEVICE "/net/lo");
        sys_file("/sys/class/net/bonding_masters", "");
        handle = sys_open(DEVICE);
        ck_assert_int_eq(guard_network(&handle, &finding), 0); /* it is down */
        raise_loopback("192.0.2.1");
        ck_assert_int_eq(guard_network(&handle, &finding), 1);
        ck_assert_str_eq(finding.text, "lo has address 192.0.2.1/24");
        sys_link("/sys/class/net/lo", "../../devices/virtual/net/lo");
        ck_assert_int_eq(guard_network(&handle, &finding), 0);
        handle_close(&handle);
}
END_TEST

static void add_network(TCase *tcase) {
        tcase_add_test(tcase, network_is_asked);
}

int main(void) {
        static const struct unit_case cases[] = {
                {"guards", add_guards},
                {"vfio-user", add_vfio_user},
                {"open", add_open},
                {"network", add_network},
                {},
        };

        return unit_run("guards", cases);
}
