/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/guards: what a device is and what shares its IOMMU group, and their order. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "guard.h"
#include "guard_scene.h"
#include "guards.h"
#include "unit.h"

/* --- what prevents a bind --- */

static void nothing(void) {
}

static void bridge(void) {
        sys_class(DEVICE, "bc06sc04i00");
}

static void cardbus(void) {
        sys_class(DEVICE, "bc06sc07i00");
}

static void iommu(void) {
        sys_class(DEVICE, "bc08sc06i00");
}

static void host_bridge(void) {
        sys_class(DEVICE, "bc06sc00i00");
}

static void eisa_bridge(void) {
        sys_class(DEVICE, "bc06sc02i00");
}

static void isa_bridge(void) {
        sys_class(DEVICE, "bc06sc01i00");
}

static void other_bridge(void) {
        sys_class(DEVICE, "bc06sc80i00");
}

static void no_pci(void) {
        sys_file(DIRECTORY "/modalias", "cdx:v00001AF4d00001000sv0sd0c000000\n");
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

/* Tagged as well, so that the rules wrote its driver_override before. */
static void leaving_member(void) {
        member("snd_hda_intel", NULL);
        sys_file(SYS_ROOT "0000:00:01.1/driver_override", "vfio-pci\n");
}

static void kept_member(void) {
        member("snd_hda_intel", NULL);
        sys_file(SYS_ROOT "0000:00:01.1/driver_override", "snd_hda_intel\n");
}

static void removed_member(void) {
        sys_link("/sys/kernel/iommu_groups/12/devices/0000:00:01.1", "nowhere");
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
        {"a host bridge", host_bridge, "it is a bridge", GUARD_HEADER, 1},
        {"an ISA bridge", isa_bridge, "it is a bridge", GUARD_HEADER, 1},
        {"an EISA bridge", eisa_bridge, "it is a bridge", GUARD_HEADER, 1},
        {"another bridge, as an NVSwitch", other_bridge, "", GUARD_NONE, 0},
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
        {"another member that was just removed", removed_member, "", GUARD_NONE, 0},
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

        scene_enter();
        row->make();
        handle = sys_open(DEVICE);
        assert_row(guards_check_bind(&handle, NULL, 0, &finding) == (row->guard != GUARD_NONE),
                   row);
        assert_row(finding.guard == row->guard, row);
        ck_assert_str_eq(finding.text, row->text);
        assert_row(guards_check_bind(&handle, NULL, GUARDS_FORCE, &finding) == row->forced, row);
        assert_row(finding.guard == row->guard, row);
        ck_assert_str_eq(finding.text, row->text);
        assert_row(guards_check(&handle, NULL, &finding) == (row->guard != GUARD_NONE), row);
        assert_row(finding.guard == row->guard, row);
        ck_assert_str_eq(finding.text, row->text);
        handle_close(&handle);
}
END_TEST

/* If a guard cannot be checked, nothing may be done. */
START_TEST(guards_report_errors) {
        struct finding finding = {.guard = GUARD_DISPLAY};
        struct handle handle;

        scene_enter();
        sys_file(DIRECTORY "/boot_vga", "too long\n");
        handle = sys_open(DEVICE);
        ck_assert_int_eq(guards_check_bind(&handle, NULL, GUARDS_FORCE, &finding), -EMSGSIZE);
        ck_assert_int_eq(guards_check(&handle, NULL, &finding), -EMSGSIZE);
        ck_assert_int_eq(finding.guard, GUARD_DISPLAY);
        handle_close(&handle);
}
END_TEST

START_TEST(guards_have_order) {
        static const char all[] = NO_GROUP ", so that a guest with it can access all memory; it is "
                                           "the display that the firmware booted on";
        struct finding finding;
        struct handle handle;

        scene_enter();
        no_group_mode_on();
        display();
        handle = sys_open(DEVICE);
        for (int force = 0; force <= 1; force++) {
                ck_assert_int_eq(
                        guards_check_bind(&handle, NULL, force ? GUARDS_FORCE : 0, &finding),
                        !force);
                ck_assert_int_eq(finding.guard, GUARD_NO_GROUP);
                ck_assert_str_eq(finding.text, all);
        }
        handle_close(&handle);
        bridge();
        handle = sys_open(DEVICE);
        ck_assert_int_eq(guards_check_bind(&handle, NULL, GUARDS_FORCE, &finding), 1);
        ck_assert_int_eq(finding.guard, GUARD_HEADER);
        ck_assert_str_eq(finding.text, "it is a PCI bridge");
        handle_close(&handle);
}
END_TEST

START_TEST(guards_can_be_forced) {
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
        tcase_add_test(tcase, guards_report_errors);
        tcase_add_test(tcase, guards_have_order);
        tcase_add_test(tcase, guards_can_be_forced);
}

int main(void) {
        static const struct unit_case cases[] = {
                {"guards", add_guards},
                {},
        };

        return unit_run("guards", cases);
}
