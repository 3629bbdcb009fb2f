/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/sysfs: the questions of /sys by name. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bus_driver.h"
#include "driver.h"
#include "escape.h"
#include "fd.h"
#include "pci.h"
#include "sys.h"
#include "sysfs_link.h"
#include "unit.h"
#include "vfio_node.h"

#define DEVICE    "0000:00:01.0"
#define DIRECTORY SYS_ROOT DEVICE

static void enter(void) {
        sys_enter();
        sys_device(DEVICE);
}

/* --- driver.h --- */

static const struct {
        const char *why, *driver, *module, *extra; /* EXTRA: a directory that is there, too */
        int vfio;
} vfio_rows[] = {
        {"no driver", NULL, NULL, NULL, 0},
        {"a native driver", "e1000e", "e1000e", NULL, 0},
        {"the device says so", "nvidia", "nvidia", DIRECTORY "/vfio-dev/vfio0", 1},
        {"the device does not say so", "vfio-pci", "vfio_pci", "/sys/class/vfio-dev", 0},
        {"before 6.1: a variant", "odd", "odd", "/sys/module/vfio_pci_core/holders/odd", 1},
        {"before 6.1: a part of its module's name", "od", "od",
         "/sys/module/vfio_pci_core/holders/odd", 0},
        {"before 6.1: generic", "vfio-pci", "vfio_pci", NULL, 1},
        {"before 6.1: built in", "vfio-pci", NULL, NULL, 1},
        {"before 6.1: native, built in", "virtio-pci", NULL, NULL, 0},
};

START_TEST(driver_is_vfio) {
        const __typeof__(*vfio_rows) *row = &vfio_rows[_i];
        char text[DRIVER_SIZE] = "untouched";
        struct handle handle;

        enter();
        if (row->driver)
                sys_driver(row->driver, row->module);
        if (row->extra)
                sys_directory(row->extra);
        sys_hold(DEVICE, row->driver);
        handle = sys_open(DEVICE);
        assert_row(device_is_bound_to_vfio(handle.fd) == row->vfio, row);
        assert_row(device_driver(handle.fd, text) == (row->driver ? 0 : -ENOENT), row);
        assert_row(strcmp(text, row->driver ? row->driver : "untouched") == 0, row);
        assert_row(device_driver_module(handle.fd, text) == (row->module ? 0 : -ENOENT), row);
        assert_row(!row->module || strcmp(text, row->module) == 0, row);
        handle_close(&handle);
}
END_TEST

START_TEST(driver_override_is_read) {
        char override[DRIVER_SIZE];
        struct handle handle;

        enter();
        handle = sys_open(DEVICE);
        ck_assert_int_eq(device_override(handle.fd, override), 0);
        ck_assert_str_eq(override, "");
        sys_file(DIRECTORY "/driver_override", "vfio-pci\n");
        ck_assert_int_eq(device_override(handle.fd, override), 0);
        ck_assert_str_eq(override, "vfio-pci");
        ck_assert_int_eq(unlink(DIRECTORY "/driver_override"), 0);
        ck_assert_int_eq(device_override(handle.fd, override), -ENOENT);
        handle_close(&handle);
}
END_TEST

static const struct {
        const char *why, *driver, *module;
        int r;
        const char *name;
} name_rows[] = {
        {"as its module is called", "e1000e", "e1000e", 0, "e1000e"},
        {"otherwise than its module", "my_vfio", "my_vfio", 0, "my-vfio"},
        {"its module with a hyphen", "my_vfio", "my-vfio", 0, "my-vfio"},
        {"of two the one that was meant", "two-b", "two", 0, "two-b"},
        {"of two one, where neither was meant", "two", "two", 0, "two-a"},
        {"built in", "virtio-pci", NULL, 0, "virtio-pci"},
        {"a module that has none there: as it was given", "e1000e", "no_drivers", 0, "e1000e"},
        {"not there yet", "mlx5_vfio_pci", "mlx5_vfio_pci", -ENOENT, NULL},
        {"the module's name is no driver's", "my_vfio", NULL, -ENOENT, NULL},
        {"a way out", "../drivers", NULL, -EINVAL, NULL},
        {"two lines", "e1000e\nx", NULL, -EINVAL, NULL},
        {"none", NULL, NULL, -EINVAL, NULL},
        {"a module that is none", "e1000e", "a/b", -EINVAL, NULL},
};

START_TEST(driver_has_name) {
        const __typeof__(*name_rows) *row = &name_rows[_i];
        char name[NAME_SIZE] = "untouched";
        struct handle handle;

        enter();
        sys_driver("e1000e", "e1000e");
        sys_driver("my-vfio", "my_vfio");
        sys_driver("two-b", "two");
        sys_driver("two-a", "two");
        sys_driver("virtio-pci", NULL);
        sys_directory("/sys/module/no_drivers/drivers");
        handle = sys_open(DEVICE);
        assert_row(bus_find_driver(&handle, row->driver, row->module, name) == row->r, row);
        assert_row(strcmp(name, row->name ? row->name : "untouched") == 0, row);
        handle_close(&handle);
}
END_TEST

static void add_driver(TCase *tcase) {
        tcase_add_loop_test(tcase, driver_is_vfio, 0, N_ROWS(vfio_rows));
        tcase_add_test(tcase, driver_override_is_read);
        tcase_add_loop_test(tcase, driver_has_name, 0, N_ROWS(name_rows));
}

/* --- iommu_group.h, vfio_node.h --- */

static int count_member(int dir_fd, const char *sysname, void *userdata) {
        struct stat status;

        ck_assert_int_eq(fstatat(dir_fd, sysname, &status, AT_SYMLINK_NOFOLLOW), 0);
        ck_assert_int_eq(strncmp(sysname, "0000:00:0", 9), 0);
        return ++*(int *)userdata == 3 ? -EXDEV : 0;
}

START_TEST(group_has_members) {
        struct handle handle;
        int n = 0;

        enter();
        handle = sys_open(DEVICE);
        ck_assert_int_eq(group_each_member(handle.fd, count_member, &n), -ENOENT);
        sys_group(DEVICE, "1");
        sys_device("0000:00:02.0");
        sys_group("0000:00:02.0", "1");
        ck_assert_int_eq(group_each_member(handle.fd, count_member, &n), 0);
        ck_assert_int_eq(n, 2);
        ck_assert_int_eq(group_each_member(handle.fd, count_member, &n), -EXDEV);
        handle_close(&handle);
}
END_TEST

START_TEST(node_of_group) {
        char node[NODE_SIZE] = "untouched";
        struct handle handle;

        enter();
        handle = sys_open(DEVICE);
        ck_assert_int_eq(device_group_node(handle.fd, node), -ENOENT);
        ck_assert_str_eq(node, "untouched");
        sys_group(DEVICE, "12");
        ck_assert_int_eq(device_group_node(handle.fd, node), 0);
        ck_assert_str_eq(node, "/dev/vfio/12");
        sys_file("/sys/kernel/iommu_groups/12/name", "a name of another kind\n");
        ck_assert_int_eq(device_group_node(handle.fd, node), 0);
        ck_assert_str_eq(node, "/dev/vfio/12");
        sys_file("/sys/kernel/iommu_groups/12/name", "vfio-noiommu\n");
        ck_assert_int_eq(device_group_node(handle.fd, node), 0);
        ck_assert_str_eq(node, "/dev/vfio/noiommu-12");
        handle_close(&handle);
}
END_TEST

static const char *const odd_groups[] = {"1a", "-1", "a", " 1", "\x1b[2J", "1\n2"};

/* A group is an int; what is none is not taken over, nor into a path. */
START_TEST(group_is_number) {
        char group[GROUP_SIZE] = "untouched", node[NODE_SIZE] = "untouched";
        int fd;

        enter();
        sys_device(DEVICE);
        sys_group(DEVICE, odd_groups[_i]);
        fd = device_open(DEVICE);
        ck_assert_int_ge(fd, 0);
        ck_assert_int_eq(device_group(fd, group), -EBADMSG);
        ck_assert_int_eq(device_group_node(fd, node), -EBADMSG);
        ck_assert_str_eq(group, "untouched");
        ck_assert_str_eq(node, "untouched");
        fd_close(fd);
}
END_TEST

START_TEST(node_of_device) {
        char node[NODE_SIZE] = "untouched", name[NODE_SIZE];
        struct handle handle;

        enter();
        handle = sys_open(DEVICE);
        ck_assert_int_eq(device_cdev(handle.fd, node), -ENOENT);
        sys_directory(DIRECTORY "/vfio-dev/vfio3");
        sys_directory(DIRECTORY "/vfio-dev/power");
        sys_file(DIRECTORY "/vfio-dev/vfio/dev", "511:0\n");
        sys_file(DIRECTORY "/vfio-dev/vfio3\x1b/dev", "511:0\n");
        ck_assert_int_eq(device_cdev(handle.fd, node), -ENOENT);
        ck_assert_str_eq(node, "untouched");
        sys_file(DIRECTORY "/vfio-dev/vfio3/dev", "511:0\n");
        ck_assert_int_eq(device_cdev(handle.fd, node), 0);
        ck_assert_str_eq(node, "/dev/vfio/devices/vfio3");
        ck_assert_int_eq(rename(DIRECTORY "/vfio-dev", DIRECTORY "/old"), 0);
        (void)stpcpy(name, "vfio");
        memset(name + 4, '1', NODE_SIZE - 5);
        name[NODE_SIZE - 1] = '\0';
        sys_file(sys_path(DIRECTORY "/vfio-dev/%s/dev", name), "511:0\n");
        ck_assert_int_eq(device_cdev(handle.fd, node), -EMSGSIZE);
        handle_close(&handle);
}
END_TEST

static void add_group(TCase *tcase) {
        tcase_add_test(tcase, group_has_members);
        tcase_add_test(tcase, node_of_group);
        tcase_add_loop_test(tcase, group_is_number, 0, N_ROWS(odd_groups));
        tcase_add_test(tcase, node_of_device);
}

/* --- pci.h --- */

static const struct {
        const char *why, *class;
        int config; /* the header type in it; -1: no file, -2: too short */
        int r;
} header_rows[] = {
        {"an ordinary function", "bc02sc00i00", 0x00, 0},
        {"one of several functions", "bc02sc00i00", 0x80, 0},
        {"a bridge", "bc06sc04i00", 0x01, 1},
        {"a bridge of several functions", "bc06sc04i00", 0x81, 1},
        {"a CardBus bridge", "bc06sc07i00", 0x02, 2},
        {"the header takes precedence over the class", "bc06sc04i00", 0x00, 0},
        {"of no known type", "bc02sc00i00", 0x7e, 0x7e},
        {"no configuration: an ordinary class", "bc02sc00i00", -1, 0},
        {"no configuration: a host bridge is ordinary", "bc06sc00i00", -1, 0},
        {"no configuration: a bridge", "bc06sc04i00", -1, 1},
        {"no configuration: a subtractive bridge", "bc06sc04i01", -1, 1},
        {"no configuration: a half transparent bridge", "bc06sc09i40", -1, 1},
        {"no configuration: a CardBus bridge", "bc06sc07i00", -1, 2},
        {"a short configuration", "bc06sc04i00", -2, 1},
        {"it does not answer", "bc06sc04i00", 0xff, 1},
        {"no PCI function", NULL, -1, 0},
};

static void write_config(int type) {
        char config[64] = {};
        int fd = open(DIRECTORY "/config", O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

        config[0x0e] = (char)type;
        ck_assert_int_eq(fd_write_all(fd, config, type == -2 ? 14 : sizeof(config)), 0);
        fd_close(fd);
}

START_TEST(pci_has_header_type) {
        const __typeof__(*header_rows) *row = &header_rows[_i];
        struct handle handle;

        enter();
        if (row->class)
                sys_class(DEVICE, row->class);
        else
                ck_assert_int_eq(unlink(DIRECTORY "/modalias"), 0);
        if (row->config != -1)
                write_config(row->config);
        handle = sys_open(DEVICE);
        assert_row(handle.header_type == row->r, row);
        handle_close(&handle);
}
END_TEST

START_TEST(pci_is_boot_display) {
        struct handle handle;

        enter();
        handle = sys_open(DEVICE);
        ck_assert_int_eq(device_is_boot_display(handle.fd), 0);
        sys_file(DIRECTORY "/boot_vga", "0\n");
        ck_assert_int_eq(device_is_boot_display(handle.fd), 0);
        sys_file(DIRECTORY "/boot_vga", "1\n");
        ck_assert_int_eq(device_is_boot_display(handle.fd), 1);
        handle_close(&handle);
}
END_TEST

#define ONE "pci:v00008086d00002020sv00000000sd00000000"

static const struct {
        const char *why, *modalias;
        bool bridge, iommu;
} kind_rows[] = {
        {"an Ethernet controller", ONE "bc02sc00i00", false, false},
        {"a host bridge", ONE "bc06sc00i00", true, false},
        {"a PCI bridge that decodes", ONE "bc06sc04i01", true, false},
        {"an NVSwitch", ONE "bc06sc80i00", false, false},
        {"an IOMMU", ONE "bc08sc06i00", false, true},
        {"another system peripheral", ONE "bc08sc80i00", false, false},
        {"a bus without classes", "cdx:v10EEd8084sv10EEsd0001c060000", false, false},
        {"another bus", "usb:v1D6Bp0002bc06sc00i00", false, false},
};

START_TEST(class_of_modalias) {
        const __typeof__(*kind_rows) *row = &kind_rows[_i];

        assert_row(modalias_is_bridge(row->modalias) == row->bridge, row);
        assert_row(modalias_is_iommu(row->modalias) == row->iommu, row);
}
END_TEST

static void add_pci(TCase *tcase) {
        tcase_add_loop_test(tcase, class_of_modalias, 0, N_ROWS(kind_rows));
        tcase_add_loop_test(tcase, pci_has_header_type, 0, N_ROWS(header_rows));
        tcase_add_test(tcase, pci_is_boot_display);
}

/* --- sysfs_link.h, escape.h --- */

START_TEST(attribute_is_written) {
        struct temp_directory directory = temp_directory_new();

        temp_file(&directory, "attribute", "xxxx");
        ck_assert_int_eq(attribute_write(directory.fd, "attribute", "ab"), 0);
        ck_assert_str_eq(sys_text(sys_path("%s/attribute", directory.path)), "abxx");
        ck_assert_int_eq(attribute_write(directory.fd, "nothing", "ab"), -ENOENT);
        ck_assert_int_eq(symlinkat("attribute", directory.fd, "link"), 0);
        ck_assert_int_eq(attribute_write(directory.fd, "link", "ab"), -ELOOP);
        ck_assert_int_eq(attribute_write(AT_FDCWD, "/dev/full", "ab"), -ENOSPC);
        fd_close(directory.fd);
}
END_TEST

static const struct {
        const char *why, *text, *shown;
} show_rows[] = {
        {"as it is", "e1000e", "e1000e"},
        {"blanks, too", "Generic PHY", "Generic PHY"},
        {"a newline", "a\nb", "a\\x0ab"},
        {"an escape sequence", "\033[31m", "\\x1b[31m"},
        {"no ASCII", "\303\244", "\\xc3\\xa4"},
        {"DEL", "\177", "\\x7f"},
        {"as much as there is room", "123456789012345", "123456789012345"},
        {"one more is cut", "1234567890123456", "123456789012345"},
        {"no half escapes", "1234567890123\n", "1234567890123"},
        {"an escape that just fits", "12345678901\n", "12345678901\\x0a"},
        {"nothing", "", ""},
};

START_TEST(text_is_shown) {
        const __typeof__(*show_rows) *row = &show_rows[_i];
        char text[17] = "###############", expected[17];

        text[16] = '#';
        escape(text, 16, row->text);
        assert_row(strcmp(text, row->shown) == 0, row);
        assert_row(text[16] == '#', row);
        (void)snprintf(expected, sizeof(expected), "%s%s", row->shown,
                       strlen(row->shown) <= 11 ? "\\x00" : "");
        escape_append_bytes(text, 16, "\0", 1);
        assert_row(strcmp(text, expected) == 0, row);
}
END_TEST

static void add_text(TCase *tcase) {
        tcase_add_test(tcase, attribute_is_written);
        tcase_add_loop_test(tcase, text_is_shown, 0, N_ROWS(show_rows));
}

/* --- device_each.c --- */

struct seen {
        char text[256];
        int n, stop_at;
};

static int see(const char *subsystem, const char *sysname, void *userdata) {
        struct seen *seen = userdata;
        size_t length = strlen(seen->text);

        (void)snprintf(seen->text + length, sizeof(seen->text) - length, "%s:%s ", subsystem,
                       sysname);
        return ++seen->n == seen->stop_at ? 77 : 0;
}

START_TEST(devices_are_found) {
        struct seen none = {}, all = {}, two = {.stop_at = 2};

        sys_enter();
        ck_assert_int_eq(device_each(see, &none), 0);
        ck_assert_str_eq(none.text, "");
        sys_device("0000:00:02.0");
        sys_device("0001:00:00.0");
        sys_device("0000:00:01.1");
        sys_link("/sys/bus/cdx/devices/cdx-00:00", "../../../devices/cdx/cdx-00:00");
        sys_link("/sys/bus/usb/devices/usb1", "../../../devices/usb1");
        ck_assert_int_eq(device_each(see, &all), 0);
        ck_assert_str_eq(all.text,
                         "pci:0000:00:01.1 pci:0000:00:02.0 pci:0001:00:00.0 cdx:cdx-00:00 ");
        ck_assert_int_eq(device_each(see, &two), 77);
        ck_assert_str_eq(two.text, "pci:0000:00:01.1 pci:0000:00:02.0 ");
}
END_TEST

static void add_devices(TCase *tcase) {
        tcase_add_test(tcase, devices_are_found);
}

int main(void) {
        static const struct unit_case cases[] = {
                {"driver", add_driver}, {"group", add_group},     {"pci", add_pci},
                {"text", add_text},     {"devices", add_devices}, {},
        };

        return unit_run("questions", cases);
}
