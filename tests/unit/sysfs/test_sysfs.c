/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/sysfs: devices and modules in /sys. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "device.h"
#include "fd.h"
#include "module.h"
#include "sys.h"
#include "unit.h"

static const struct {
        const char *why, *device;
        int r, r_devpath;
} refused_rows[] = {
        {"nothing", "", -EINVAL, -EINVAL},
        {"this directory", ".", -EINVAL, -EINVAL},
        {"the directory above", "..", -EINVAL, -EINVAL},
        {"no such address", "ffff:ff:1f.7", -ENODEV, -EINVAL},
        {"a word", "nonsense", -ENODEV, -EINVAL},
        {"a path that is not below /sys", "/etc/passwd", -EINVAL, -EINVAL},
        {"a path that only begins so", "/system", -EINVAL, -EINVAL},
        {"a relative path", "sys/devices", -EINVAL, -EINVAL},
        {"a way out of /sys", "/sys/../etc", -EINVAL, -EINVAL},
        {"a way out of /sys at the end", "/sys/devices/..", -EINVAL, -EINVAL},
        {"a way out of the bus's directory", "../../../../etc", -EINVAL, -EINVAL},
        {"a way out of /sys/devices", "/devices/../../etc", -EINVAL, -EINVAL},
        {"a way out of /sys/devices at the end", "/devices/x/..", -EINVAL, -EINVAL},
        {"no such syspath", "/sys/devices/no-such-device", -ENODEV, -EINVAL},
        {"no such devpath", "/devices/no-such-device", -EINVAL, -ENODEV},
        {"a file below /sys", "/sys/kernel/uevent_seqnum/x", -ENODEV, -EINVAL},
        {"a name with dots", "/devices/..x", -EINVAL, -ENODEV},
        {"a devpath with its /sys", "/sys/devices/nothing", -ENODEV, -EINVAL},
};

START_TEST(device_is_refused) {
        const __typeof__(*refused_rows) *row = &refused_rows[_i];

        assert_row(device_open(row->device) == row->r, row);
        assert_row(device_open_devpath(row->device) == row->r_devpath, row);
}
END_TEST

START_TEST(device_has_bounds) {
        char name[8192];

        memset(name, 'x', sizeof(name) - 1);
        name[sizeof(name) - 1] = '\0';
        ck_assert_int_eq(device_open(name), -ENAMETOOLONG);
        memset(name, 'x', sizeof(name) - 1);
        (void)memcpy(name, "/devices/", 9);
        ck_assert_int_eq(device_open_devpath(name), -ENAMETOOLONG);
        (void)memcpy(name, "/sys/dev/", 9);
        ck_assert_int_eq(device_open(name), -ENAMETOOLONG);
}
END_TEST

/* --- a device that is there --- */

static void check_modalias(int fd) {
        char modalias[4096];

        ck_assert_int_ge(fd, 0);
        ck_assert_int_eq(device_attribute(fd, "modalias", modalias, sizeof(modalias)), 0);
        ck_assert_msg(strncmp(modalias, "pci:v", 5) == 0 && !strchr(modalias, '\n'), "%s",
                      modalias);
        fd_close(fd);
}

START_TEST(device_is_opened) {
        sys_enter();
        sys_device("0000:00:01.0");
        check_modalias(device_open("0000:00:01.0"));
        check_modalias(device_open("/sys/bus/pci/devices/0000:00:01.0"));
        check_modalias(device_open(SYS_ROOT "0000:00:01.0"));
        check_modalias(device_open_devpath("/devices/pci0000:00/0000:00:01.0"));
}
END_TEST

/* --- attributes, in a directory that stands for a device's --- */

static struct temp_directory device(void) {
        struct temp_directory directory = temp_directory_new();

        temp_file(&directory, "line", "abc\n");
        temp_file(&directory, "no-newline", "abc");
        temp_file(&directory, "two-lines", "a\n\n");
        temp_file(&directory, "empty", "");
        temp_file(&directory, "longer", "abcd");
        ck_assert_int_eq(symlinkat("line", directory.fd, "link"), 0);
        ck_assert_int_eq(mkdirat(directory.fd, "directory", 0755), 0);
        return directory;
}

static const struct {
        const char *why, *name;
        size_t size;
        int r;
        const char *value;
} attribute_rows[] = {
        {"a line", "line", 32, 0, "abc"},
        {"without a newline", "no-newline", 32, 0, "abc"},
        {"only the last newline goes", "two-lines", 32, 0, "a\n"},
        {"nothing", "empty", 32, 0, ""},
        {"as long as there is room", "no-newline", 4, 0, "abc"},
        {"as long as there is room, but for the newline", "line", 4, 0, "abc"},
        {"one character too long", "longer", 4, -EMSGSIZE, NULL},
        {"far too long", "longer", 2, -EMSGSIZE, NULL},
        {"none", "nothing", 32, -ENOENT, NULL},
        {"a link is no attribute", "link", 32, -ELOOP, NULL},
        {"a directory is none", "directory", 32, -EISDIR, NULL},
};

START_TEST(device_has_attributes) {
        const __typeof__(*attribute_rows) *row = &attribute_rows[_i];
        struct temp_directory directory = device();
        char value[64];

        memset(value, '#', sizeof(value));
        assert_row(device_attribute(directory.fd, row->name, value, row->size) == row->r, row);
        assert_row(!row->value || strcmp(value, row->value) == 0, row);
        assert_row(value[row->size] == '#', row);
        fd_close(directory.fd);
}
END_TEST

static const struct {
        const char *why, *target;
        int r;
        const char *physfn;
} physfn_rows[] = {
        {"a virtual function", "../0000:3b:00.0", 0, "0000:3b:00.0"},
        {"further up", "../../pci0000:3a/0000:3b:00.0", 0, "0000:3b:00.0"},
        {"no path", "0000:3b:00.0", 0, "0000:3b:00.0"},
        {"no virtual function", NULL, -ENOENT, NULL},
};

START_TEST(device_has_physfn) {
        const __typeof__(*physfn_rows) *row = &physfn_rows[_i];
        struct temp_directory directory = temp_directory_new();
        char physfn[SYSNAME_SIZE] = "untouched";

        if (row->target)
                ck_assert_int_eq(symlinkat(row->target, directory.fd, "physfn"), 0);
        assert_row(device_physfn(directory.fd, physfn) == row->r, row);
        assert_row(strcmp(physfn, row->physfn ? row->physfn : "untouched") == 0, row);
        fd_close(directory.fd);
}
END_TEST

START_TEST(device_bounds_physfn) {
        struct temp_directory directory = temp_directory_new();
        char target[1024], physfn[SYSNAME_SIZE];

        memset(target, 'x', sizeof(target));
        (void)memcpy(target, "../", 3);
        target[3 + SYSNAME_SIZE] = '\0';
        ck_assert_int_eq(symlinkat(target, directory.fd, "physfn"), 0);
        ck_assert_int_eq(device_physfn(directory.fd, physfn), -EMSGSIZE);
        ck_assert_int_eq(unlinkat(directory.fd, "physfn", 0), 0);
        target[3 + SYSNAME_SIZE - 1] = '\0';
        ck_assert_int_eq(symlinkat(target, directory.fd, "physfn"), 0);
        ck_assert_int_eq(device_physfn(directory.fd, physfn), 0);
        ck_assert_str_eq(physfn, target + 3);
        fd_close(directory.fd);
}
END_TEST

static void add_device(TCase *tcase) {
        tcase_add_loop_test(tcase, device_is_refused, 0, N_ROWS(refused_rows));
        tcase_add_test(tcase, device_has_bounds);
        tcase_add_test(tcase, device_is_opened);
        tcase_add_loop_test(tcase, device_has_attributes, 0, N_ROWS(attribute_rows));
        tcase_add_loop_test(tcase, device_has_physfn, 0, N_ROWS(physfn_rows));
        tcase_add_test(tcase, device_bounds_physfn);
}

/* --- module.h --- */

START_TEST(module_is_not_there) {
        char driver[NAME_SIZE] = "untouched", name[NAME_SIZE + 32];

        ck_assert_int_eq(module_driver("no_such_module", "pci", driver), -ENOENT);
        memset(name, 'x', sizeof(name));
        name[sizeof(name) - 1] = '\0';
        ck_assert_int_eq(module_driver(name, "pci", driver), -ENAMETOOLONG);
        ck_assert_str_eq(driver, "untouched");
}
END_TEST

static const struct {
        const char *why, *bus, *driver; /* NULL: it has none */
} module_rows[] = {
        {"the first in byte order", "pci", "a-first"},
        {"a bus whose name begins with that of another one", "pci_express", "port"},
        {"a part of a bus's name", "pc", NULL},
        {"a bus that it has no driver on", "cdx", NULL},
        {"a driver with a name that is not valid", "mdio_bus", NULL},
};

START_TEST(module_has_driver) {
        const __typeof__(*module_rows) *row = &module_rows[_i];
        char driver[NAME_SIZE] = "untouched";

        sys_enter();
        sys_driver("z-last", "some");
        sys_driver("a-first", "some");
        sys_driver("b-second", "some");
        sys_directory("/sys/module/some/drivers/pci_express:port");
        sys_directory("/sys/module/some/drivers/mdio_bus:Generic PHY");
        sys_directory("/sys/module/some/drivers/cdx");
        assert_row(module_driver("some", row->bus, driver) == (row->driver ? 0 : -ENOENT), row);
        assert_row(strcmp(driver, row->driver ? row->driver : "untouched") == 0, row);
}
END_TEST

static void add_module(TCase *tcase) {
        tcase_add_test(tcase, module_is_not_there);
        tcase_add_loop_test(tcase, module_has_driver, 0, N_ROWS(module_rows));
}

int main(void) {
        static const struct unit_case cases[] = {
                {"device", add_device},
                {"module", add_module},
                {},
        };

        return unit_run("sysfs", cases);
}
