/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/bind: unbind and claim. */
#include <errno.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "bind.h"
#include "row.h"
#include "sys.h"
#include "unbinding.h"
#include "unit.h"

static const struct bind_driver none = {NULL, NULL};

/* vfio-pci knows the device by itself: ids= of the module, or new_id */
static const struct kernel_driver by_id[] = {
        {"vfio-pci", "vfio_pci", true, true, KERNEL_TAKES, true},
        {},
};

/* --- unbind --- */

static const struct unbind_row {
        struct row row;
        const struct kernel_driver *drivers;
} unbind_rows[] = {
        {{"to the native driver", "builtin_vfio", "builtin_vfio", &none, &none, NO_ERROR, 0,
          VFIO_VARIANT_RESULT_DONE, BIND_STEP_NONE, BIND_STEP_NONE, "e1000e", "(null)",
          "override=;unbind=builtin_vfio;modalias;probe;"},
         usual_drivers},
        {{"killed after the unbind", "", "", &none, &none, NO_ERROR, 0, VFIO_VARIANT_RESULT_DONE,
          BIND_STEP_NONE, BIND_STEP_NONE, "e1000e", "(null)", "override=;modalias;probe;"},
         usual_drivers},
        {{"it is there already", "e1000e", "", &none, &none, NO_ERROR, 0,
          VFIO_VARIANT_RESULT_ALREADY, BIND_STEP_NONE, BIND_STEP_NONE, "e1000e", "(null)", ""},
         usual_drivers},
        {{"there already, by an override", "pci-stub", "pci-stub", &none, &none, NO_ERROR, 0,
          VFIO_VARIANT_RESULT_ALREADY, BIND_STEP_NONE, BIND_STEP_NONE, "pci-stub", "pci-stub", ""},
         usual_drivers},
        {{"there already, but an override calls for another", "e1000e", "vfio-pci", &none, &none,
          NO_ERROR, 0, VFIO_VARIANT_RESULT_ALREADY, BIND_STEP_NONE, BIND_STEP_NONE, "e1000e",
          "(null)", "override=;"},
         usual_drivers},
        {{"no native driver", "vfio-pci", "vfio-pci", &none, &none, NO_ERROR, 0,
          VFIO_VARIANT_RESULT_NO_DRIVER, BIND_STEP_NONE, BIND_STEP_NONE, "", "(null)",
          "override=;unbind=vfio-pci;modalias;probe;"},
         lone_drivers},
        {{"a VFIO driver that knows it", "vfio-pci", "vfio-pci", &none, &none, NO_ERROR, -EBUSY,
          VFIO_VARIANT_RESULT_FAILED, BIND_STEP_READ_BACK, BIND_STEP_NONE, "vfio-pci", "(null)",
          "override=;unbind=vfio-pci;modalias;probe;"},
         by_id},
        {{"the override can't be cleared", "builtin_vfio", "builtin_vfio", &none, &none,
          "/driver_override", 1, -EIO, -EIO, VFIO_VARIANT_RESULT_FAILED, BIND_STEP_OVERRIDE,
          BIND_STEP_NONE, "builtin_vfio", "builtin_vfio", ""},
         usual_drivers},
        {{"the unbind fails", "builtin_vfio", "builtin_vfio", &none, &none, "/unbind", 1, -EIO,
          -EIO, VFIO_VARIANT_RESULT_FAILED, BIND_STEP_UNBIND, BIND_STEP_NONE, "builtin_vfio",
          "(null)", "override=;"},
         usual_drivers},
        {{"the probe fails", "builtin_vfio", "", &none, &none, "/drivers_probe", 1, -EIO, -EIO,
          VFIO_VARIANT_RESULT_NO_DRIVER, BIND_STEP_PROBE, BIND_STEP_NONE, "", "(null)",
          "override=;unbind=builtin_vfio;modalias;"},
         lone_drivers},
};

START_TEST(unbind_ends_well) {
        const struct unbind_row *row = &unbind_rows[_i];
        struct kernel kernel = row_enter(&row->row, row->drivers);
        struct bind_request request = row_request(&none, &none);
        struct handle handle;
        struct bind_report report;
        int r;

        kernel_run(&kernel);
        sys_driver("builtin_vfio", NULL);
        sys_directory(strstr(row->row.previous_driver, "vfio") ? DIRECTORY "/vfio-dev/vfio0"
                                                               : "/sys/class/vfio-dev");
        sys_directory("/sys/class/vfio-dev");
        handle = sys_open(DEVICE);
        r = unbind_device(&handle, &request, &report);
        row_check(&row->row, _i, &report, r, kernel.log);
        row_check_other();
        handle_close(&handle);
}
END_TEST

static int fail_to_load(const char *modalias, void *userdata) {
        (void)modalias;
        (void)userdata;
        return -EOPNOTSUPP;
}

/* Without libkmod: an error if no driver is bound, and none if its driver is loaded already. */
START_TEST(unbind_without_loader) {
        const struct row row = {.previous_driver = "vfio-pci", .override = ""};
        struct kernel kernel = row_enter(&row, _i ? lone_drivers : usual_drivers);
        struct bind_request request = row_request(&none, &none);
        struct handle handle;
        struct bind_report report;

        request.loader.load_modalias = fail_to_load;
        kernel_run(&kernel);
        sys_driver("vfio-pci", "vfio_pci");
        handle = sys_open(DEVICE);
        ck_assert_int_eq(unbind_device(&handle, &request, &report), _i ? -EOPNOTSUPP : 0);
        ck_assert_int_eq(report.result,
                         _i ? VFIO_VARIANT_RESULT_NO_DRIVER : VFIO_VARIANT_RESULT_DONE);
        ck_assert_int_eq(report.attempts[0].step, _i ? BIND_STEP_LOAD : BIND_STEP_NONE);
        handle_close(&handle);
}
END_TEST

static struct unbinding record_seen;
static int has_record;

static void see_record(void) {
        struct handle handle = sys_open(DEVICE);

        has_record = unbinding_read(&handle, &record_seen);
        handle_close(&handle);
}

/* The record is written before the unbind, with the nodes that the driver removes first. */
START_TEST(unbind_is_recorded) {
        const struct row row = {.previous_driver = "builtin_vfio", .override = "builtin_vfio"};
        struct kernel kernel = row_enter(&row, usual_drivers);
        struct bind_request request = row_request(&none, &none);
        struct handle handle;
        struct bind_report report;

        sys_driver("builtin_vfio", NULL);
        sys_directory(DIRECTORY "/vfio-dev");
        sys_file(DIRECTORY "/sound/card0/controlC0/dev", "116:7\n");
        sys_link(DIRECTORY "/sound/card0/controlC0/subsystem",
                 _i ? "../../../../../../class/block" : "../../../../../../class/sound");
        kernel.before = see_record;
        kernel.before_write = 2; /* unbind, after driver_override */
        kernel_run(&kernel);
        handle = sys_open(DEVICE);
        ck_assert_int_eq(unbind_device(&handle, &request, &report), 0);
        ck_assert_int_eq(has_record, 1);
        ck_assert_str_eq(record_seen.driver, "builtin_vfio");
        ck_assert_uint_eq(record_seen.n_nodes, 1);
        ck_assert(record_seen.nodes[0].number == makedev(116, 7));
        ck_assert_int_eq(record_seen.nodes[0].is_block, _i);
        ck_assert_str_eq(record_seen.nodes[0].path, "/dev/controlC0");
        see_record();
        ck_assert_int_eq(has_record, 0);
        handle_close(&handle);
}
END_TEST

static void add_unbind(TCase *tcase) {
        tcase_add_loop_test(tcase, unbind_ends_well, 0, N_ROWS(unbind_rows));
        tcase_add_loop_test(tcase, unbind_without_loader, 0, 2);
        tcase_add_loop_test(tcase, unbind_is_recorded, 0, 2);
}

/* --- claim --- */

static const struct {
        struct row row;
        const char *driver;
} claim_rows[] = {
        {{"bound to no driver", "", "", &none, &none, NO_ERROR, 0, VFIO_VARIANT_RESULT_DONE,
          BIND_STEP_NONE, BIND_STEP_NONE, "", "good-vfio", "override=good-vfio;"},
         "good-vfio"},
        {{"it is claimed", "", "good-vfio", &none, &none, NO_ERROR, 0, VFIO_VARIANT_RESULT_ALREADY,
          BIND_STEP_NONE, BIND_STEP_NONE, "", "good-vfio", ""},
         "good-vfio"},
        {{"it is held", "e1000e", "", &none, &none, NO_ERROR, 0, VFIO_VARIANT_RESULT_ALREADY,
          BIND_STEP_NONE, BIND_STEP_NONE, "e1000e", "(null)", ""},
         "good-vfio"},
        {{"the write fails", "", "", &none, &none, "/driver_override", 1, -EIO, -EIO,
          VFIO_VARIANT_RESULT_FAILED, BIND_STEP_OVERRIDE, BIND_STEP_NONE, "", "(null)", ""},
         "good-vfio"},
        {{"not a valid name of a driver", "", "", &none, &none, NO_ERROR, -EINVAL,
          VFIO_VARIANT_RESULT_FAILED, BIND_STEP_DRIVER, BIND_STEP_NONE, "", "(null)", ""},
         "good\nvfio"},
};

START_TEST(claim_writes_override) {
        const __typeof__(*claim_rows) *row = &claim_rows[_i];
        struct kernel kernel = row_enter(&row->row, usual_drivers);
        struct handle handle = sys_open(DEVICE);
        struct bind_report report;
        int r;

        kernel_run(&kernel);
        r = claim_device(&handle, row->driver, &report);
        row_check(&row->row, _i, &report, r, kernel.log);
        row_check_other();
        handle_close(&handle);
}
END_TEST

static void let_native_take(void) {
        sys_hold(DEVICE, "e1000e");
}

/* A native driver binds the device right before the override is written. */
START_TEST(claim_comes_late) {
        const struct row row = {.previous_driver = "", .override = _i ? "pci-stub" : ""};
        struct kernel kernel = row_enter(&row, usual_drivers);
        struct handle handle = sys_open(DEVICE);
        struct bind_report report;

        kernel.before = let_native_take;
        kernel.before_write = 1;
        kernel_run(&kernel);
        ck_assert_int_eq(claim_device(&handle, "good-vfio", &report), 0);
        ck_assert_int_eq(report.result, VFIO_VARIANT_RESULT_ALREADY);
        ck_assert_str_eq(report.current_driver, "e1000e");
        ck_assert_str_eq(sys_text(DIRECTORY "/driver_override"), _i ? "pci-stub" : "(null)");
        handle_close(&handle);
}
END_TEST

START_TEST(steps_have_texts) {
        for (int step = BIND_STEP_IDENTITY; step <= BIND_STEP_READ_BACK; step++)
                ck_assert_int_gt(strlen(bind_step_text((enum bind_step)step)), 0);
        ck_assert_str_eq(bind_step_text(BIND_STEP_NONE), "");
}
END_TEST

static void add_claim(TCase *tcase) {
        tcase_add_loop_test(tcase, claim_writes_override, 0, N_ROWS(claim_rows));
        tcase_add_loop_test(tcase, claim_comes_late, 0, 2);
        tcase_add_test(tcase, steps_have_texts);
}

int main(void) {
        static const struct unit_case cases[] = {
                {"unbind", add_unbind},
                {"claim", add_claim},
                {},
        };

        return unit_run("unbind", cases);
}
