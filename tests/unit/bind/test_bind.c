/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/bind: binding a device, with a kernel in which each step fails. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bind.h"
#include "row.h"
#include "sys.h"
#include "unit.h"

static const struct bind_driver good = {"good_vfio", "good_vfio"}, bad = {"bad_vfio", "bad_vfio"},
                                generic = {"vfio-pci", "vfio-pci"},
                                built_in = {"builtin_vfio", NULL}, none = {NULL, NULL},
                                unknown = {"unknown_vfio", "unknown_vfio"},
                                spelled = {"good-vfio", "good_vfio"};

/* As a row's after: */
#define DONE(current_driver, log)                                                                  \
        0, VFIO_VARIANT_RESULT_DONE, BIND_STEP_NONE, BIND_STEP_NONE, current_driver,               \
                current_driver, log
#define FELL_BACK(step, log)                                                                       \
        0, VFIO_VARIANT_RESULT_FALLBACK, step, BIND_STEP_NONE, "vfio-pci", "vfio-pci", log
#define BACK(r, step, f, log) r, VFIO_VARIANT_RESULT_ROLLED_BACK, step, f, "e1000e", "(null)", log

static const struct row bind_rows[] = {
        {"from no driver", "", "", &good, &generic, NO_ERROR,
         DONE("good-vfio", "load=good_vfio;override=good-vfio;probe;")},
        {"from a native driver", "e1000e", "", &good, &generic, NO_ERROR,
         DONE("good-vfio", "load=good_vfio;override=good-vfio;unbind=e1000e;probe;")},
        {"by a driver that is built in", "e1000e", "", &built_in, &generic, NO_ERROR,
         DONE("builtin_vfio", "override=builtin_vfio;unbind=e1000e;probe;")},
        {"claimed: bound when its module is loaded", "", "good-vfio", &good, &generic, NO_ERROR,
         DONE("good-vfio", "load=good_vfio;override=good-vfio;")},
        {"another override is replaced", "e1000e", "pci-stub", &good, &generic, NO_ERROR,
         DONE("good-vfio", "load=good_vfio;override=good-vfio;unbind=e1000e;probe;")},
        {"killed after the unbind", "", "good-vfio", &good, &generic, NO_ERROR,
         DONE("good-vfio", "load=good_vfio;override=good-vfio;")},
        {"an override that names the module", "", "good_vfio", &good, &generic, NO_ERROR,
         DONE("good-vfio", "load=good_vfio;override=good-vfio;probe;")},

        {"its probe fails", "e1000e", "", &bad, &generic, NO_ERROR,
         FELL_BACK(BIND_STEP_READ_BACK, "load=bad_vfio;override=bad_vfio;unbind=e1000e;probe;"
                                        "load=vfio-pci;override=vfio-pci;probe;")},
        {"there is no such module", "e1000e", "", &unknown, &generic, NO_ERROR,
         FELL_BACK(BIND_STEP_LOAD, "load=unknown_vfio;load=vfio-pci;"
                                   "override=vfio-pci;unbind=e1000e;probe;")},
        {"the override can't be written", "e1000e", "", &good, &generic, "/driver_override", 1,
         -EIO,
         FELL_BACK(BIND_STEP_OVERRIDE, "load=good_vfio;load=vfio-pci;override=vfio-pci;"
                                       "unbind=e1000e;probe;")},
        {"the unbind fails", "e1000e", "", &good, &generic, "/unbind", 1, -EIO,
         FELL_BACK(BIND_STEP_UNBIND, "load=good_vfio;override=good-vfio;load=vfio-pci;"
                                     "override=vfio-pci;unbind=e1000e;probe;")},
        {"the probe fails", "e1000e", "", &good, &generic, "/drivers_probe", 1, -EIO,
         FELL_BACK(BIND_STEP_PROBE, "load=good_vfio;override=good-vfio;unbind=e1000e;"
                                    "load=vfio-pci;override=vfio-pci;probe;")},

        {"its probe fails, and there is no fallback", "e1000e", "", &bad, &none, NO_ERROR,
         BACK(-ENXIO, BIND_STEP_READ_BACK, BIND_STEP_NONE,
              "load=bad_vfio;override=bad_vfio;unbind=e1000e;probe;"
              "override=;bind=e1000e;")},
        {"both probes fail", "e1000e", "", &bad, &bad, NO_ERROR,
         BACK(-ENXIO, BIND_STEP_READ_BACK, BIND_STEP_READ_BACK,
              "load=bad_vfio;override=bad_vfio;unbind=e1000e;probe;"
              "override=bad_vfio;probe;override=;bind=e1000e;")},
        {"the fallback does not exist", "e1000e", "", &bad, &unknown, NO_ERROR,
         BACK(-ENXIO, BIND_STEP_READ_BACK, BIND_STEP_LOAD,
              "load=bad_vfio;override=bad_vfio;unbind=e1000e;probe;load=unknown_vfio;"
              "override=;bind=e1000e;")},
        {"the rule wrote the override, and its probe fails", "", "bad_vfio", &bad, &none, NO_ERROR,
         BACK(-ENXIO, BIND_STEP_READ_BACK, BIND_STEP_NONE,
              "load=bad_vfio;override=bad_vfio;probe;"
              "override=;modalias;probe;")},
        {"the override names the module, and the probe fails", "", "good_vfio", &spelled, &none,
         "/drivers_probe", 1, -EIO,
         BACK(-EIO, BIND_STEP_PROBE, BIND_STEP_NONE,
              "load=good_vfio;override=good-vfio;override=;modalias;probe;")},
        {"the rule wrote the override of a missing driver", "e1000e", "unknown_vfio", &unknown,
         &none, NO_ERROR,
         BACK(-ENOENT, BIND_STEP_LOAD, BIND_STEP_NONE, "load=unknown_vfio;override=;")},
        {"the rule wrote the override of a missing driver, for a device without a driver", "",
         "unknown_vfio", &unknown, &none, NO_ERROR,
         BACK(-ENOENT, BIND_STEP_LOAD, BIND_STEP_NONE,
              "load=unknown_vfio;override=;modalias;probe;")},
        {"binding the native driver again fails once", "e1000e", "", &bad, &none, "/bind", 1, -EIO,
         -ENXIO, VFIO_VARIANT_RESULT_ROLLED_BACK, BIND_STEP_READ_BACK, BIND_STEP_NONE, "e1000e",
         "e1000e",
         "load=bad_vfio;override=bad_vfio;unbind=e1000e;probe;"
         "override=;override=e1000e;bind=e1000e;"},
        {"the override of an administrator is restored", "e1000e", "pci-stub", &bad, &none,
         NO_ERROR, -ENXIO, VFIO_VARIANT_RESULT_ROLLED_BACK, BIND_STEP_READ_BACK, BIND_STEP_NONE,
         "e1000e", "pci-stub",
         "load=bad_vfio;override=bad_vfio;unbind=e1000e;probe;"
         "override=;bind=e1000e;override=pci-stub;"},
        {"bound by an override before", "pci-stub", "pci-stub", &bad, &none, NO_ERROR, -ENXIO,
         VFIO_VARIANT_RESULT_ROLLED_BACK, BIND_STEP_READ_BACK, BIND_STEP_NONE, "pci-stub",
         "pci-stub",
         "load=bad_vfio;override=bad_vfio;unbind=pci-stub;probe;"
         "override=pci-stub;bind=pci-stub;"},
        {"no driver before, as after a roll-back that was killed", "", "", &bad, &none, NO_ERROR,
         BACK(-ENXIO, BIND_STEP_READ_BACK, BIND_STEP_NONE,
              "load=bad_vfio;override=bad_vfio;probe;override=;modalias;probe;")},
        {"no driver before, and the wanted one is missing", "", "", &unknown, &none, NO_ERROR,
         BACK(-ENOENT, BIND_STEP_LOAD, BIND_STEP_NONE,
              "load=unknown_vfio;override=;modalias;probe;")},
        {"no driver before, because of an administrator's override", "", "gone", &bad, &none,
         NO_ERROR, -ENXIO, VFIO_VARIANT_RESULT_ROLLED_BACK, BIND_STEP_READ_BACK, BIND_STEP_NONE, "",
         "gone", "load=bad_vfio;override=bad_vfio;probe;override=;override=gone;"},
        {"no driver before, because of an administrator's override, and the wanted one is missing",
         "", "gone", &unknown, &none, NO_ERROR, -ENOENT, VFIO_VARIANT_RESULT_FAILED, BIND_STEP_LOAD,
         BIND_STEP_NONE, "", "gone", "load=unknown_vfio;"},

        {"there is no such module, nor a fallback", "e1000e", "", &unknown, &none, NO_ERROR,
         -ENOENT, VFIO_VARIANT_RESULT_FAILED, BIND_STEP_LOAD, BIND_STEP_NONE, "e1000e", "(null)",
         "load=unknown_vfio;"},
        {"it is bound already", "builtin_vfio", "builtin_vfio", &built_in, &generic, NO_ERROR, 0,
         VFIO_VARIANT_RESULT_ALREADY, BIND_STEP_NONE, BIND_STEP_NONE, "builtin_vfio",
         "builtin_vfio", ""},
        {"it has no name", "e1000e", "", &none, &none, NO_ERROR, -EINVAL,
         VFIO_VARIANT_RESULT_FAILED, BIND_STEP_DRIVER, BIND_STEP_NONE, "e1000e", "(null)", ""},
};

/* Row NUMBER of a table, in a kernel with DRIVERS. */
static void check_bind(const struct row *row, int number, const struct kernel_driver *drivers) {
        struct kernel kernel = row_enter(row, drivers);
        struct bind_request request = row_request(row->wanted, row->fallback);
        struct handle handle = sys_open(DEVICE);
        struct bind_report report;
        int r;

        kernel_run(&kernel);
        r = bind_device(&handle, &request, &report);
        row_check(row, number, &report, r, kernel.log);
        ck_assert_int_eq(report.changed, kernel.n_writes > 0);
        row_check_other();
        handle_close(&handle);
}

START_TEST(bind_result_matches_table) {
        check_bind(&bind_rows[_i], _i, usual_drivers);
}
END_TEST

/* --- a kernel without a native driver for the device --- */

static const struct row lone_rows[] = {
        {"bound to the generic driver, and again", "vfio-pci", "vfio-pci", &bad, &none, NO_ERROR,
         -ENXIO, VFIO_VARIANT_RESULT_ROLLED_BACK, BIND_STEP_READ_BACK, BIND_STEP_NONE, "vfio-pci",
         "vfio-pci",
         "load=bad_vfio;override=bad_vfio;unbind=vfio-pci;probe;"
         "override=vfio-pci;bind=vfio-pci;"},
        {"no driver before, and no native driver", "", "", &bad, &none, NO_ERROR, -ENXIO,
         VFIO_VARIANT_RESULT_ROLLED_BACK, BIND_STEP_READ_BACK, BIND_STEP_NONE, "", "(null)",
         "load=bad_vfio;override=bad_vfio;probe;override=;modalias;probe;"},
        {"bound to the generic driver, which is the fallback", "vfio-pci", "vfio-pci", &bad,
         &generic, NO_ERROR,
         FELL_BACK(BIND_STEP_READ_BACK, "load=bad_vfio;override=bad_vfio;unbind=vfio-pci;probe;"
                                        "override=vfio-pci;probe;")},
        {"bound to the fallback, which cannot be unbound", "vfio-pci", "vfio-pci", &bad, &none,
         "/unbind", 1, -EBUSY, -EBUSY, VFIO_VARIANT_RESULT_ROLLED_BACK, BIND_STEP_UNBIND,
         BIND_STEP_NONE, "vfio-pci", "vfio-pci",
         "load=bad_vfio;override=bad_vfio;override=vfio-pci;"},
        {"the previous driver does not bind it again at first", "vfio-pci", "vfio-pci", &bad, &none,
         "/bind", 1, -EIO, -ENXIO, VFIO_VARIANT_RESULT_ROLLED_BACK, BIND_STEP_READ_BACK,
         BIND_STEP_NONE, "vfio-pci", "vfio-pci",
         "load=bad_vfio;override=bad_vfio;unbind=vfio-pci;probe;override=vfio-pci;"
         "override=vfio-pci;bind=vfio-pci;"},
};

START_TEST(bind_without_native) {
        check_bind(&lone_rows[_i], _i, lone_drivers);
}
END_TEST

/* The device is on its previous driver, but its previous driver_override is lost. */
START_TEST(bind_reports_lost_override) {
        const struct row row = {
                .previous_driver = "e1000e",
                .override = "pci-stub",
                .fails = "/driver_override",
                .fails_at = 3, /* after the wanted driver's, and the one that clears it */
                .error = -EIO,
        };
        struct kernel kernel = row_enter(&row, usual_drivers);
        struct bind_request request = row_request(&bad, &none);
        struct handle handle = sys_open(DEVICE);
        struct bind_report report;

        kernel_run(&kernel);
        ck_assert_int_eq(bind_device(&handle, &request, &report), -ENXIO);
        ck_assert_int_eq(report.result, VFIO_VARIANT_RESULT_ROLLED_BACK);
        ck_assert_str_eq(report.current_driver, "e1000e");
        ck_assert_int_eq(report.roll_back.step, BIND_STEP_OVERRIDE);
        ck_assert_int_eq(report.roll_back.error, -EIO);
        handle_close(&handle);
}
END_TEST

static void unplug_driver(void) {
        ck_assert_int_eq(unlink(SYS_DRIVERS "gone/bind"), 0);
        ck_assert_int_eq(unlink(SYS_DRIVERS "gone/unbind"), 0);
        ck_assert_int_eq(rmdir(SYS_DRIVERS "gone"), 0);
}

/* The module of the previous driver was unloaded meanwhile, and no other driver matches. */
START_TEST(bind_ends_without_driver) {
        const struct row row = {.previous_driver = "gone", .override = ""};
        struct kernel kernel = row_enter(&row, lone_drivers);
        struct bind_request request = row_request(&bad, &none);
        struct handle handle;
        struct bind_report report;

        sys_driver("gone", NULL);
        handle = sys_open(DEVICE);
        kernel.before = unplug_driver;
        kernel.before_write = 3; /* drivers_probe, after the unbind */
        kernel_run(&kernel);
        ck_assert_int_eq(bind_device(&handle, &request, &report), -ENXIO);
        ck_assert_int_eq(report.result, VFIO_VARIANT_RESULT_NO_DRIVER);
        ck_assert_int_ne(report.roll_back.step, BIND_STEP_NONE);
        ck_assert_int_lt(report.roll_back.error, 0);
        ck_assert_str_eq(report.current_driver, "");
        ck_assert_str_eq(sys_text(DIRECTORY "/driver_override"), "(null)");
        handle_close(&handle);
}
END_TEST

static void let_other_take(void) {
        sys_hold(DEVICE, "pci-stub");
}

/* The kernel binds another driver, which is reported and unbound again. */
START_TEST(bind_finds_another) {
        const struct row row = {.previous_driver = "e1000e", .override = ""};
        struct kernel kernel = row_enter(&row, usual_drivers);
        struct bind_request request = row_request(&good, &generic);
        struct handle handle = sys_open(DEVICE);
        struct bind_report report;

        kernel.before = let_other_take;
        kernel.before_write = 3; /* drivers_probe */
        kernel_run(&kernel);
        ck_assert_int_eq(bind_device(&handle, &request, &report), 0);
        ck_assert_int_eq(report.result, VFIO_VARIANT_RESULT_FALLBACK);
        ck_assert_int_eq(report.attempts[0].step, BIND_STEP_READ_BACK);
        ck_assert_int_eq(report.attempts[0].error, -EBUSY);
        ck_assert_str_eq(report.attempts[0].other_driver, "pci-stub");
        ck_assert_str_eq(report.current_driver, "vfio-pci");
        handle_close(&handle);
}
END_TEST

/* --- the device is replaced between two steps --- */

static void replace(void) {
        ck_assert_int_eq(rename(DIRECTORY, "/sys/devices/old"), 0);
        sys_device(DEVICE);
        sys_hold(DEVICE, "e1000e");
}

static void remove_device(void) {
        ck_assert_int_eq(rename(DIRECTORY, "/sys/devices/old"), 0);
        ck_assert_int_eq(unlink("/sys/bus/pci/devices/" DEVICE), 0);
}

/* After the module was loaded, which takes the longest of all. */
static void (*change)(void);

static int load_and_change(const char *module, void *userdata) {
        int r = kernel_load_module(module, userdata);

        change();
        return r;
}

static const struct {
        const char *why;
        void (*change)(void);
        int r;
} change_rows[] = {
        {"another in its place", replace, -ESTALE},
        {"removed", remove_device, -ENODEV},
};

START_TEST(bind_checks_identity) {
        const __typeof__(*change_rows) *row = &change_rows[_i];
        const struct row before = {.previous_driver = "e1000e", .override = ""};
        struct kernel kernel = row_enter(&before, usual_drivers);
        struct bind_request request = row_request(&good, &generic);
        struct handle handle = sys_open(DEVICE);
        struct bind_report report;

        change = row->change;
        request.loader.load_module = load_and_change;
        kernel_run(&kernel);
        assert_row(bind_device(&handle, &request, &report) == row->r, row);
        assert_row(report.result == VFIO_VARIANT_RESULT_FAILED, row);
        assert_row(report.attempts[0].step == BIND_STEP_IDENTITY, row);
        assert_row(report.attempts[0].error == row->r, row);
        assert_row(strcmp(kernel.log, "load=good_vfio;") == 0, row);
        row_check_other();
        handle_close(&handle);
}
END_TEST

/* At each write: later writes do not affect another device. */
START_TEST(bind_checks_identity_at_each_step) {
        const struct row before = {.previous_driver = "e1000e", .override = ""};
        struct kernel kernel = row_enter(&before, usual_drivers);
        struct bind_request request = row_request(&bad, &none);
        struct handle handle = sys_open(DEVICE), other;
        struct bind_report report;
        char driver[DRIVER_SIZE];

        kernel.before = replace;
        kernel.before_write = _i;
        kernel_run(&kernel);
        ck_assert_int_lt(bind_device(&handle, &request, &report), 0);
        other = sys_open(DEVICE);
        /* If it was replaced between check and write it was unbound, and probed again */
        ck_assert_int_eq(strstr(kernel.log, "unbind=e1000e;probe;") != NULL, _i >= 2);
        ck_assert_int_eq(device_driver(other.fd, driver), 0);
        ck_assert_str_eq(driver, "e1000e");
        ck_assert_str_eq(sys_text(DIRECTORY "/driver_override"), "(null)");
        handle_close(&other);
        handle_close(&handle);
}
END_TEST

/* --- candidates below the fallback --- */

static int next_of(unsigned number, struct bind_driver *ret, void *userdata) {
        const struct bind_driver *const *drivers = userdata;

        for (unsigned i = 0; i <= number; i++)
                if (!drivers[i])
                        return 0;
        *ret = *drivers[number];
        return 1;
}

static const struct {
        const char *why;
        const struct bind_driver *more[4];
        int r;
        enum vfio_variant_result result;
        unsigned n_more;
        const char *current_driver;
} more_rows[] = {
        {"none", {NULL}, -ENXIO, VFIO_VARIANT_RESULT_ROLLED_BACK, 0, "e1000e"},
        {"the first one takes it", {&generic}, 0, VFIO_VARIANT_RESULT_FALLBACK, 1, "vfio-pci"},
        {"the second one takes it",
         {&bad, &generic},
         0,
         VFIO_VARIANT_RESULT_FALLBACK,
         2,
         "vfio-pci"},
        {"one is missing", {&unknown, &generic}, 0, VFIO_VARIANT_RESULT_FALLBACK, 2, "vfio-pci"},
        {"all refuse",
         {&bad, &unknown, &bad},
         -ENXIO,
         VFIO_VARIANT_RESULT_ROLLED_BACK,
         3,
         "e1000e"},
};

START_TEST(bind_tries_all) {
        const __typeof__(*more_rows) *row = &more_rows[_i];
        const struct row before = {.previous_driver = "e1000e", .override = ""};
        struct kernel kernel = row_enter(&before, usual_drivers);
        struct bind_request request = row_request(&bad, &bad);
        struct handle handle = sys_open(DEVICE);
        struct bind_report report;

        request.next = next_of;
        request.next_userdata = (void *)row->more;
        kernel_run(&kernel);
        ck_assert_int_eq(bind_device(&handle, &request, &report), row->r);
        ck_assert_int_eq(report.result, row->result);
        ck_assert_uint_eq(report.n_lower, 1 + row->n_more);
        ck_assert_str_eq(report.current_driver, row->current_driver);
        for (unsigned i = 0; i < row->n_more; i++) {
                ck_assert_str_eq(report.attempts[2 + i].driver, row->more[i]->driver);
                ck_assert((report.attempts[2 + i].step == BIND_STEP_NONE) ==
                          (row->r == 0 && i + 1 == row->n_more));
        }
        handle_close(&handle);
}
END_TEST

static void add_bind(TCase *tcase) {
        tcase_add_loop_test(tcase, bind_result_matches_table, 0, N_ROWS(bind_rows));
        tcase_add_loop_test(tcase, bind_without_native, 0, N_ROWS(lone_rows));
        tcase_add_test(tcase, bind_reports_lost_override);
        tcase_add_test(tcase, bind_ends_without_driver);
        tcase_add_test(tcase, bind_finds_another);
        tcase_add_loop_test(tcase, bind_checks_identity, 0, N_ROWS(change_rows));
        tcase_add_loop_test(tcase, bind_checks_identity_at_each_step, 1, 4);
        tcase_add_loop_test(tcase, bind_tries_all, 0, N_ROWS(more_rows));
}

int main(void) {
        static const struct unit_case cases[] = {
                {"bind", add_bind},
                {},
        };

        return unit_run("bind", cases);
}
