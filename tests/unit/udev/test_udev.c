/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/udev: lookups. */
#include <errno.h>
#include <string.h>

#include "database.h"
#include "hwdb.h"
#include "unit.h"

static struct udev *open_udev(void) {
        struct udev *udev = NULL;

        ck_assert_int_eq(database_open(&udev), 0);
        ck_assert_ptr_nonnull(udev);
        return udev;
}

START_TEST(no_such_device) {
        char driver[16] = "untouched";
        const struct database_property wanted[] = {{"DRIVER", driver, sizeof(driver)}, {}};
        struct udev *udev = open_udev();

        ck_assert_int_eq(database_read(udev, "/sys/devices/0000:ff:1f.7", wanted), -ENODEV);
        ck_assert_int_eq(database_read(udev, "/sys/no-such-directory/x", wanted), -ENODEV);
        ck_assert_str_eq(driver, "untouched");
        database_close(udev);
        database_close(NULL);
}
END_TEST

START_TEST(no_hwdb) {
        ck_assert_ptr_null(hwdb_value(NULL, "vfio-variant:none:pci:v1", "X"));
        hwdb_close(NULL);
}
END_TEST

static void add_look_ups(TCase *tcase) {
        tcase_add_test(tcase, no_such_device);
        tcase_add_test(tcase, no_hwdb);
}

int main(void) {
        static const struct unit_case cases[] = {
                {"lookups", add_look_ups},
                {},
        };

        return unit_run("udev", cases);
}
