/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/bind: binding a device for which the kernel has not enabled probes yet. */
#include <errno.h>

#include "bind.h"
#include "row.h"
#include "sys.h"
#include "unit.h"

static const struct bind_driver good = {"good_vfio", "good_vfio"}, none = {NULL, NULL};

static const struct {
        const char *why, *previous_driver;
        int not_yet, robbed_at, r;
        bool hotplug;
        const char *current_driver, *log;
} fresh_rows[] = {
        {"not waited for", "", 1, 0, -ENXIO, false, "e1000e",
         "load=good_vfio;override=good-vfio;probe;override=;modalias;probe;"},
        {"fresh, and allowed at once", "", 0, 0, 0, true, "good-vfio",
         "load=good_vfio;override=good-vfio;probe;"},
        {"fresh, and allowed a little later", "", 2, 0, 0, true, "good-vfio",
         "load=good_vfio;override=good-vfio;probe;probe;probe;"},
        /* It had a driver: nothing is left to be waited for */
        {"taken from a native driver", "e1000e", 1, 0, -ENXIO, true, "e1000e",
         "load=good_vfio;override=good-vfio;unbind=e1000e;probe;override=;bind=e1000e;"},
        {"the same, and all is well", "e1000e", 0, 0, 0, true, "good-vfio",
         "load=good_vfio;override=good-vfio;unbind=e1000e;probe;"},
        {"which releases it late", "e1000e", 0, 1, 0, true, "good-vfio",
         "load=good_vfio;override=good-vfio;unbind=e1000e;probe;probe;"},
        {"or later", "e1000e", 0, 10, 0, true, "good-vfio",
         "load=good_vfio;override=good-vfio;unbind=e1000e;probe;probe;"},
        {"not fresh, and not looked at again", "e1000e", 0, 1, 0, false, "good-vfio",
         "load=good_vfio;override=good-vfio;unbind=e1000e;probe;"},
};

START_TEST(bind_waits_for_kernel) {
        const __typeof__(*fresh_rows) *row = &fresh_rows[_i];
        const struct row before = {.previous_driver = row->previous_driver, .override = ""};
        struct kernel kernel = row_enter(&before, usual_drivers);
        struct bind_request request = row_request(&good, &none);
        struct handle handle = sys_open(DEVICE);
        struct bind_report report;

        request.hotplug = row->hotplug;
        kernel.not_yet = row->not_yet;
        kernel.robbed_at = row->robbed_at;
        kernel.robbed = DEVICE;
        kernel_run(&kernel);
        assert_row(bind_device(&handle, &request, &report) == row->r, row);
        ck_assert_str_eq(report.current_driver, row->current_driver);
        ck_assert_str_eq(kernel.log, row->log);
        handle_close(&handle);
}
END_TEST

static void add_fresh(TCase *tcase) {
        tcase_add_loop_test(tcase, bind_waits_for_kernel, 0, N_ROWS(fresh_rows));
}

int main(void) {
        static const struct unit_case cases[] = {
                {"fresh", add_fresh},
                {},
        };

        return unit_run("hotplug-wait", cases);
}
