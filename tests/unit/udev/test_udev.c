/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/udev: lookups. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "database.h"
#include "enumerate.h"
#include "hwdb.h"
#include "sys.h"
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
        char value[8] = "x";

        ck_assert_int_eq(hwdb_value(NULL, "vfio-variant:none:pci:v1", "X", value, sizeof(value)),
                         0);
        ck_assert_str_eq(value, "");
        hwdb_close(NULL);
}
END_TEST

struct seen {
        int n, stop_at;
};

static int see(const char *subsystem, const char *sysname, void *userdata) {
        struct seen *seen = userdata;

        ck_assert(strcmp(subsystem, "pci") == 0 || strcmp(subsystem, "cdx") == 0);
        ck_assert(sysname[0] && !strchr(sysname, '/'));
        return ++seen->n == seen->stop_at ? 77 : 0;
}

/* How many devices are seen, at most STOP_AT if that is not 0. */
static int count_devices(int stop_at) {
        struct seen seen = {.stop_at = stop_at};
        struct udev *udev = open_udev();
        int r = device_enumerate(udev, see, &seen);

        database_close(udev);
        ck_assert_int_eq(r, stop_at && seen.n == stop_at ? 77 : 0);
        return seen.n;
}

START_TEST(devices_are_found) {
        ck_assert_int_eq(setenv("SYSTEMD_DEVICE_VERIFY_SYSFS", "0", 1), 0); /* this is a tmpfs */
        sys_enter();
        ck_assert_int_eq(count_devices(0), 0);
        for (int i = 1; i <= 2; i++) {
                sys_device(sys_path("0000:00:0%d.0", i));
                sys_file(sys_path(SYS_ROOT "0000:00:0%d.0/uevent", i), "DRIVER=e1000e\n");
        }
        sys_link("/sys/bus/usb/devices/1-1", "../../../devices/pci0000:00/0000:00:02.0");
        ck_assert_int_eq(count_devices(0), 2);
        ck_assert_int_eq(count_devices(1), 1);
}
END_TEST

static void add_look_ups(TCase *tcase) {
        tcase_add_test(tcase, no_such_device);
        tcase_add_test(tcase, no_hwdb);
        tcase_add_test(tcase, devices_are_found);
}

int main(void) {
        static const struct unit_case cases[] = {
                {"lookups", add_look_ups},
                {},
        };

        return unit_run("udev", cases);
}
