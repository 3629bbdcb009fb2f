/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/sysfs: binding a device that the kernel lets no driver have yet. */
#include <errno.h>

#include "bind.h"
#include "row.h"
#include "sys.h"
#include "unit.h"

static const struct bind_driver good = {"good_vfio", "good_vfio"}, none = {NULL, NULL};

static const struct {
        const char *why;
        bool fresh;
        const char *had;
        int not_yet, robbed_at, r;
        const char *holds, *log;
} fresh_rows[] = {
        {"not waited for", false, "", 1, 0, -ENXIO, "e1000e",
         "load=good_vfio;override=good-vfio;probe;override=;modalias;probe;"},
        {"fresh, and allowed at once", true, "", 0, 0, 0, "good-vfio",
         "load=good_vfio;override=good-vfio;probe;"},
        {"fresh, and allowed a little later", true, "", 2, 0, 0, "good-vfio",
         "load=good_vfio;override=good-vfio;probe;probe;probe;"},
        /* It had a driver: nothing is left to be waited for */
        {"taken from a native driver", true, "e1000e", 1, 0, -ENXIO, "e1000e",
         "load=good_vfio;override=good-vfio;unbind=e1000e;probe;override=;bind=e1000e;"},
        {"the same, and all is well", true, "e1000e", 0, 0, 0, "good-vfio",
         "load=good_vfio;override=good-vfio;unbind=e1000e;probe;"},
        {"which releases it late", true, "e1000e", 0, 1, 0, "good-vfio",
         "load=good_vfio;override=good-vfio;unbind=e1000e;probe;probe;"},
        {"or later", true, "e1000e", 0, 10, 0, "good-vfio",
         "load=good_vfio;override=good-vfio;unbind=e1000e;probe;probe;"},
        {"not fresh, and not looked at again", false, "e1000e", 0, 1, 0, "good-vfio",
         "load=good_vfio;override=good-vfio;unbind=e1000e;probe;"},
};

START_TEST(bind_waits_for_kernel) {
        const __typeof__(*fresh_rows) *row = &fresh_rows[_i];
        const struct row before = {.had = row->had, .override = ""};
        struct kernel kernel = row_enter(&before, usual_drivers);
        struct bind_request request = row_request(&good, &none);
        struct handle handle = sys_open(DEVICE);
        struct bind_report report;

        request.fresh = row->fresh;
        kernel.not_yet = row->not_yet;
        kernel.robbed_at = row->robbed_at;
        kernel.robbed = DEVICE;
        kernel_run(&kernel);
        assert_row(bind_device(&handle, &request, &report) == row->r, row);
        ck_assert_str_eq(report.holds, row->holds);
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

        return unit_run("sysfs-fresh", cases);
}
