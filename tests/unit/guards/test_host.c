/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/guards: what depends on the host, not on a device. */
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "guards.h"
#include "iommu.h"
#include "module.h"
#include "sys.h"
#include "unit.h"

#define NO_IOMMU "/sys/module/vfio/parameters/enable_unsafe_noiommu_mode"

static void nothing(void) {
}

static void classes(void) {
        sys_link("/sys/class/iommu/dmar0", "../../devices/virtual/iommu/dmar0");
}

static void no_class(void) {
        sys_directory("/sys/class/iommu");
}

static void group(void) {
        sys_device("0000:00:01.0");
        sys_group("0000:00:01.0", "12");
}

static void own_group(void) {
        group();
        sys_file("/sys/kernel/iommu_groups/12/name", "vfio-noiommu\n");
}

static void named_group(void) {
        group();
        sys_file("/sys/kernel/iommu_groups/12/name", "a name longer than any of VFIO\n");
}

static const struct {
        const char *why;
        void (*make)(void);
        int r;
} iommu_rows[] = {
        {"nothing", nothing, 0},
        {"an IOMMU", classes, 1},
        {"no IOMMU of any kind", no_class, 0},
        {"a group", group, 1},
        {"a group of VFIO's own", own_group, 0},
        {"a group with a name", named_group, 1},
};

START_TEST(iommu_is_seen) {
        const __typeof__(*iommu_rows) *row = &iommu_rows[_i];

        sys_enter();
        row->make();
        assert_row(iommu_is_on() == row->r, row);
}
END_TEST

START_TEST(iommu_without_sys) {
        sys_enter();
        sys_cover("/sys");
        ck_assert_int_eq(iommu_is_on(), -ENOENT);
        ck_assert_int_eq(noiommu_is_enabled(), -ENODATA);
}
END_TEST

START_TEST(iommu_is_needed) {
        sys_enter();
        ck_assert_int_eq(noiommu_is_enabled(), -ENODATA);
        sys_file("/sys/module/vfio/version", "0.3\n");
        ck_assert_int_eq(noiommu_is_enabled(), -EOPNOTSUPP);
        sys_file(NO_IOMMU, "N\n");
        ck_assert_int_eq(noiommu_is_enabled(), 0);
        sys_file(NO_IOMMU, "Y\n");
        ck_assert_int_eq(noiommu_is_enabled(), 1);
}
END_TEST

START_TEST(module_is_seen) {
        sys_enter();
        sys_file("/sys/module/xe_vfio_pci/initstate", "live\n");
        sys_directory("/sys/module/built_in/parameters");
        ck_assert_int_eq(module_is_loaded("xe_vfio_pci"), 1);
        ck_assert_int_eq(module_is_loaded("xe-vfio-pci"), 1);
        ck_assert_int_eq(module_is_loaded("xe_vfio"), 0);
        ck_assert_int_eq(module_is_loaded("built_in"), 0);
        ck_assert_int_eq(module_is_loaded("../module/xe_vfio_pci"), -EINVAL);
}
END_TEST

/* What the device is, and what shares its group, is no use of it. */
START_TEST(use_is_looked_for) {
        struct finding finding;
        struct handle handle;

        sys_enter();
        sys_device("0000:00:01.0");
        sys_class("0000:00:01.0", "bc06sc04i00");
        handle = sys_open("0000:00:01.0");
        ck_assert_int_eq(guards_check(&handle, NULL, &finding), 1);
        ck_assert_int_eq(guards_check_use(&handle, NULL, &finding), 0);
        ck_assert_int_eq(finding.guard, GUARD_NONE);
        sys_file(SYS_ROOT "0000:00:01.0/boot_vga", "1\n");
        ck_assert_int_eq(guards_check_use(&handle, NULL, &finding), 1);
        ck_assert_int_eq(finding.guard, GUARD_DISPLAY);
        handle_close(&handle);
}
END_TEST

static void add_host(TCase *tcase) {
        tcase_add_loop_test(tcase, iommu_is_seen, 0, N_ROWS(iommu_rows));
        tcase_add_test(tcase, iommu_without_sys);
        tcase_add_test(tcase, iommu_is_needed);
        tcase_add_test(tcase, module_is_seen);
        tcase_add_test(tcase, use_is_looked_for);
}

int main(void) {
        static const struct unit_case cases[] = {
                {"host", add_host},
                {},
        };

        return unit_run("host", cases);
}
