/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/bind: a guard refuses, a device without an IOMMU group, and dry runs. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "bind.h"
#include "row.h"
#include "sys.h"
#include "unit.h"

static const struct bind_driver good = {"good_vfio", "good_vfio"},
                                generic = {"vfio-pci", "vfio-pci"},
                                built_in = {"builtin_vfio", NULL}, none = {NULL, NULL};

START_TEST(bind_is_refused) {
        const struct row before = {.previous_driver = "e1000e", .override = ""};
        struct kernel kernel = row_enter(&before, usual_drivers);
        struct bind_request request = row_request(&good, &generic);
        struct handle handle = sys_open(DEVICE);
        struct bind_report report;

        sys_device("0000:00:03.0");
        sys_group("0000:00:03.0", "1");
        sys_hold("0000:00:03.0", "snd_hda_intel");
        kernel_run(&kernel);
        ck_assert_int_eq(bind_device(&handle, &request, &report), -EBUSY);
        ck_assert_int_eq(report.result, VFIO_VARIANT_RESULT_REFUSED);
        ck_assert_int_eq(report.finding.guard, GUARD_GROUP);
        ck_assert_str_eq(report.finding.text, "0000:00:03.0 is bound to snd_hda_intel");
        ck_assert(!report.changed);
        ck_assert_str_eq(kernel.log, "");
        request.force = true;
        ck_assert_int_eq(bind_device(&handle, &request, &report), 0);
        ck_assert_int_eq(report.result, VFIO_VARIANT_RESULT_DONE);
        ck_assert_int_eq(report.finding.guard, GUARD_GROUP);
        handle_close(&handle);
}
END_TEST

/* --- a device without an IOMMU group: vfio is loaded first, and its parameter read --- */

#define VFIO_PARAMETER "/sys/module/vfio/parameters/enable_unsafe_noiommu_mode"

/* The file in /sys of the module vfio when it is loaded; NULL: it cannot be loaded. */
static const char *vfio_shows, *vfio_value;

static int load_vfio_or(const char *module, void *userdata) {
        if (strcmp(module, "vfio") != 0)
                return kernel_load_module(module, userdata);
        if (!vfio_shows)
                return -ENOENT;
        sys_file(vfio_shows, vfio_value);
        return 0;
}

static const struct {
        const char *why, *path, *value;
        bool force;
        int r;
        enum guard guard;
} no_group_rows[] = {
        {"vfio cannot be loaded", NULL, NULL, true, -EBUSY, GUARD_NO_IOMMU},
        {"no such mode", "/sys/module/vfio/version", "0.3\n", true, -EBUSY, GUARD_NO_IOMMU},
        {"off", VFIO_PARAMETER, "N\n", true, -EBUSY, GUARD_NO_IOMMU},
        {"on, without force", VFIO_PARAMETER, "Y\n", false, -EBUSY, GUARD_NO_GROUP},
        {"on, with force", VFIO_PARAMETER, "Y\n", true, 0, GUARD_NO_GROUP},
};

START_TEST(bind_without_group) {
        const __typeof__(*no_group_rows) *row = &no_group_rows[_i];
        const struct row before = {.previous_driver = "e1000e", .override = ""};
        struct kernel kernel = row_enter(&before, usual_drivers);
        struct bind_request request = row_request(&good, &generic);
        struct bind_report report;
        struct handle handle;

        ck_assert_int_eq(unlink(DIRECTORY "/iommu_group"), 0);
        handle = sys_open(DEVICE);
        vfio_shows = row->path;
        vfio_value = row->value;
        request.loader.load_module = load_vfio_or;
        request.force = row->force;
        kernel_run(&kernel);
        assert_row(bind_device(&handle, &request, &report) == row->r, row);
        assert_row(report.finding.guard == row->guard, row);
        assert_row(report.result ==
                           (row->r < 0 ? VFIO_VARIANT_RESULT_REFUSED : VFIO_VARIANT_RESULT_DONE),
                   row);
        assert_row((strcmp(kernel.log, "") == 0) == (row->r < 0), row);
        handle_close(&handle);
}
END_TEST

/* Reserved at boot, by a rule, or by an administrator for another purpose. */
static const struct {
        const char *why, *override;
        bool dry_run;
        const char *log, *driver;
} claimed_rows[] = {
        {"for the wanted driver", "good_vfio", false, "override=;modalias;probe;", "e1000e"},
        {"for its fallback", "vfio-pci", false, "override=;modalias;probe;", "e1000e"},
        {"for another driver", "pci-stub", false, "", ""},
        {"not at all", "", false, "", ""},
        {"a dry run", "good_vfio", true, "", ""},
};

START_TEST(bind_without_group_ends_claim) {
        const __typeof__(*claimed_rows) *row = &claimed_rows[_i];
        const struct row before = {.previous_driver = "", .override = row->override};
        struct kernel kernel = row_enter(&before, usual_drivers);
        struct bind_request request = row_request(&good, &generic);
        struct bind_report report;
        struct handle handle;

        ck_assert_int_eq(unlink(DIRECTORY "/iommu_group"), 0);
        handle = sys_open(DEVICE);
        vfio_shows = NULL;
        request.loader.load_module = load_vfio_or;
        request.force = true;
        request.dry_run = row->dry_run;
        kernel_run(&kernel);
        assert_row(bind_device(&handle, &request, &report) == -EBUSY, row);
        assert_row(report.result == VFIO_VARIANT_RESULT_REFUSED, row);
        ck_assert_str_eq(kernel.log, row->log);
        ck_assert_str_eq(report.current_driver, row->driver);
        handle_close(&handle);
}
END_TEST

static int load_nothing(const char *module, void *userdata) {
        (void)userdata;
        ck_abort_msg("a dry run loads %s", module);
        return 0;
}

START_TEST(bind_runs_dry_without_group) {
        const struct row before = {.previous_driver = "e1000e", .override = ""};
        struct kernel kernel = row_enter(&before, usual_drivers);
        struct bind_request request = row_request(&good, &generic);
        struct bind_report report;
        struct handle handle;

        ck_assert_int_eq(unlink(DIRECTORY "/iommu_group"), 0);
        handle = sys_open(DEVICE);
        request.loader.load_module = load_nothing;
        request.force = true;
        request.dry_run = true;
        kernel_run(&kernel);
        ck_assert_int_eq(bind_device(&handle, &request, &report), -EBUSY);
        sys_file(VFIO_PARAMETER, "Y\n");
        ck_assert_int_eq(bind_device(&handle, &request, &report), 0);
        ck_assert_int_eq(report.result, VFIO_VARIANT_RESULT_POSSIBLE);
        handle_close(&handle);
}
END_TEST

START_TEST(bind_runs_dry) {
        const struct row before = {.previous_driver = "e1000e", .override = "pci-stub"};
        struct kernel kernel = row_enter(&before, usual_drivers);
        struct bind_request request = row_request(&good, &generic);
        struct handle handle = sys_open(DEVICE);
        struct bind_report report;

        kernel_run(&kernel);
        request.dry_run = true;
        ck_assert_int_eq(bind_device(&handle, &request, &report), 0);
        ck_assert_int_eq(report.result, VFIO_VARIANT_RESULT_POSSIBLE);
        ck_assert_str_eq(report.attempts[0].driver, "good_vfio");
        ck_assert_str_eq(report.previous_driver, "e1000e");
        ck_assert_int_eq(unbind_device(&handle, &request, &report), 0);
        ck_assert_int_eq(report.result, VFIO_VARIANT_RESULT_ALREADY);
        sys_hold(DEVICE, "builtin_vfio");
        ck_assert_int_eq(unbind_device(&handle, &request, &report), 0);
        ck_assert_int_eq(report.result, VFIO_VARIANT_RESULT_POSSIBLE);
        ck_assert_str_eq(kernel.log, "");
        ck_assert(!report.changed);
        handle_close(&handle);
}
END_TEST

/* It is bound to the wanted driver, and without dry_run its override would be corrected. */
START_TEST(bind_runs_dry_if_bound) {
        const struct row before = {.previous_driver = "builtin_vfio", .override = ""};
        struct kernel kernel = row_enter(&before, usual_drivers);
        struct bind_request request = row_request(&built_in, &generic);
        struct handle handle = sys_open(DEVICE);
        struct bind_report report;

        kernel_run(&kernel);
        request.dry_run = true;
        ck_assert_int_eq(bind_device(&handle, &request, &report), 0);
        ck_assert_int_eq(report.result, VFIO_VARIANT_RESULT_ALREADY);
        ck_assert(!report.changed);
        ck_assert_str_eq(kernel.log, "");
        handle_close(&handle);
}
END_TEST

/* A rule may have written driver_override before: it does not remain after a refusal. */
static const struct {
        const char *previous_driver, *override;      /* before */
        const char *current_driver, *override_after; /* after the refusal of a hotplugged device */
} refused_rows[] = {
        {"e1000e", "good_vfio", "e1000e", "(null)"},  {"", "good_vfio", "e1000e", "(null)"},
        {"e1000e", "pci-stub", "e1000e", "pci-stub"}, {"", "pci-stub", "", "pci-stub"},
        {"e1000e", "", "e1000e", "(null)"},
};

START_TEST(refusal_leaves_no_override) {
        const __typeof__(*refused_rows) *row = &refused_rows[_i];
        const struct row before = {.previous_driver = row->previous_driver,
                                   .override = row->override};
        struct kernel kernel = row_enter(&before, usual_drivers);
        struct bind_request request = row_request(&good, &none);
        struct handle handle = sys_open(DEVICE);
        struct bind_report report;

        sys_device("0000:00:03.0");
        sys_group("0000:00:03.0", "1");
        sys_hold("0000:00:03.0", "snd_hda_intel");
        kernel_run(&kernel);
        /* Without hotplug the override is the administrator's */
        ck_assert_int_eq(bind_device(&handle, &request, &report), -EBUSY);
        ck_assert_int_eq(report.result, VFIO_VARIANT_RESULT_REFUSED);
        ck_assert_str_eq(kernel.log, "");
        request.hotplug = true;
        ck_assert_int_eq(bind_device(&handle, &request, &report), -EBUSY);
        ck_assert_int_eq(report.result, VFIO_VARIANT_RESULT_REFUSED);
        ck_assert_str_eq(report.current_driver, row->current_driver);
        ck_assert_str_eq(sys_text(DIRECTORY "/driver_override"), row->override_after);
        handle_close(&handle);
}
END_TEST

static void add_refused(TCase *tcase) {
        tcase_add_test(tcase, bind_is_refused);
        tcase_add_loop_test(tcase, refusal_leaves_no_override, 0, N_ROWS(refused_rows));
        tcase_add_loop_test(tcase, bind_without_group, 0, N_ROWS(no_group_rows));
        tcase_add_loop_test(tcase, bind_without_group_ends_claim, 0, N_ROWS(claimed_rows));
}

static void add_dry_run(TCase *tcase) {
        tcase_add_test(tcase, bind_runs_dry);
        tcase_add_test(tcase, bind_runs_dry_without_group);
        tcase_add_test(tcase, bind_runs_dry_if_bound);
}

int main(void) {
        static const struct unit_case cases[] = {
                {"refused", add_refused},
                {"dry-run", add_dry_run},
                {},
        };

        return unit_run("bind-guards", cases);
}
