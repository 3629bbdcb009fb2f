/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A row of the tables of bind tests: the state before, what fails, and the state after. */
#include "row.h"

#include <string.h>

#include "sys.h"
#include "unit.h"

const struct kernel_driver usual_drivers[] = {
        {"e1000e", "e1000e", true, true, KERNEL_TAKES, false},
        {"good-vfio", "good_vfio", false, false, KERNEL_TAKES, true},
        {"bad_vfio", "bad_vfio", false, false, KERNEL_REFUSES, true},
        {"vfio-pci", "vfio_pci", false, false, KERNEL_TAKES, true},
        {"builtin_vfio", NULL, false, true, KERNEL_TAKES, true},
        {"pci-stub", NULL, false, true, KERNEL_TAKES, false},
        {},
};

const struct kernel_driver lone_drivers[] = {
        {"good-vfio", "good_vfio", false, false, KERNEL_TAKES, true},
        {"bad_vfio", "bad_vfio", false, false, KERNEL_REFUSES, true},
        {"vfio-pci", "vfio_pci", false, true, KERNEL_TAKES, true},
        {},
};

struct kernel row_enter(const struct row *row, const struct kernel_driver *drivers) {
        struct kernel kernel = {
                .drivers = drivers,
                .fails = row->fails,
                .fails_at = row->fails_at,
                .error = row->error,
        };

        sys_enter();
        sys_cover("/run"); /* records of unbinding.h */
        sys_device(DEVICE);
        sys_device(OTHER);
        sys_group(DEVICE, "1");
        sys_group(OTHER, "2");
        sys_driver("e1000e", "e1000e");
        sys_hold(OTHER, "e1000e");
        sys_hold(DEVICE, row->previous_driver[0] ? row->previous_driver : NULL);
        if (row->override[0])
                sys_file(DIRECTORY "/driver_override", sys_path("%s\n", row->override));
        return kernel;
}

struct bind_request row_request(const struct bind_driver *wanted,
                                const struct bind_driver *fallback) {
        return (struct bind_request){
                .wanted = *wanted,
                .fallback = *fallback,
                .loader = {kernel_load_module, kernel_load_modalias, NULL},
        };
}

void row_check(const struct row *row, int i, const struct bind_report *report, int r,
               const char *log) {
        const char *override = sys_text(DIRECTORY "/driver_override");

        ck_assert_msg(r == row->r, "row %d: %s: returned %d", i, row->why, r);
        ck_assert_msg(report->result == row->result, "row %d: %s: result %d", i, row->why,
                      (int)report->result);
        ck_assert_msg(report->attempts[0].step == row->step, "row %d: %s: step %d", i, row->why,
                      (int)report->attempts[0].step);
        ck_assert_msg(report->attempts[1].step == row->fallback_step, "row %d: %s: fallback %d", i,
                      row->why, (int)report->attempts[1].step);
        ck_assert_msg(strcmp(report->current_driver, row->current_driver) == 0,
                      "row %d: %s: bound to '%s'", i, row->why, report->current_driver);
        ck_assert_msg(strcmp(report->previous_driver, row->previous_driver) == 0,
                      "row %d: %s: previous driver '%s'", i, row->why, report->previous_driver);
        ck_assert_msg(strcmp(override, row->override_after) == 0, "row %d: %s: override '%s'", i,
                      row->why, override);
        ck_assert_msg(strcmp(log, row->log) == 0, "row %d: %s: %s", i, row->why, log);
}

void row_check_other(void) {
        char driver[DRIVER_SIZE];
        struct handle other = sys_open(OTHER);

        ck_assert_int_eq(device_driver(other.fd, driver), 0);
        ck_assert_str_eq(driver, "e1000e");
        ck_assert_str_eq(sys_text(SYS_ROOT OTHER "/driver_override"), "(null)");
        handle_close(&other);
}

int bind_device(const struct handle *handle, const struct bind_request *request,
                struct bind_report *ret) {
        struct bind_member member = {.handle = handle, .request = request, .report = ret};

        return bind_devices(&member, 1);
}
