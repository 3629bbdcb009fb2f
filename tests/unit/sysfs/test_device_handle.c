/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/sysfs: how a device is found, its handle, its lock. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "device_lock.h"
#include "fd.h"
#include "sys.h"
#include "unit.h"

#define DEVICE    "0000:00:01.0"
#define DIRECTORY SYS_ROOT DEVICE

static void enter(void) {
        sys_enter();
        sys_device(DEVICE);
}

/* --- device_find() --- */

static const struct {
        const char *why, *device;
        int r;
} find_rows[] = {
        {"a sysname", DEVICE, 0},
        {"a syspath", DIRECTORY, 0},
        {"a syspath by a link", "/sys/bus/pci/devices/" DEVICE, 0},
        {"a short address, whose domain is not guessed", "00:01.0", -ENODEV},
        {"an interface", "eth0", 0},
        {"an interface of a virtio device", "eth1", 0},
        {"an interface of a device on another bus", "usb0", -ENODEV},
        {"an interface without a device", "lo", -EXDEV},
        {"a longer name than interfaces have", "eth0-is-not-so-long-a-name", -ENODEV},
        {"nothing", "", -EINVAL},
        {"a way out", "..", -EINVAL},
        {"a path elsewhere", "/etc", -EINVAL},
};

START_TEST(device_is_found) {
        const __typeof__(*find_rows) *row = &find_rows[_i];
        struct handle handle = HANDLE_NONE;
        int fd;

        enter();
        sys_link("/sys/class/net/eth0/device", "../../../devices/pci0000:00/" DEVICE);
        sys_link(DIRECTORY "/virtio1/subsystem", "../../../../bus/virtio");
        sys_link("/sys/class/net/eth1/device", "../../../devices/pci0000:00/" DEVICE "/virtio1");
        sys_link(DIRECTORY "/usb1/subsystem", "../../../../bus/usb");
        sys_link("/sys/class/net/usb0/device", "../../../devices/pci0000:00/" DEVICE "/usb1");
        sys_directory("/sys/class/net/lo");
        fd = device_find(row->device);
        assert_row(row->r == 0 || strcmp(row->device, "usb0") == 0 || fd == row->r, row);
        /* The bus of the USB NIC is not here: it is a device, but none that can be opened */
        assert_row(handle_open(fd, &handle) == row->r, row);
        assert_row(row->r != 0 || strcmp(handle.syspath, DIRECTORY) == 0, row);
        handle_close(&handle);
}
END_TEST

/* --- the handle --- */

START_TEST(handle_has_identity) {
        struct handle handle;

        enter();
        sys_group(DEVICE, "12");
        handle = sys_open(DEVICE);
        ck_assert_str_eq(handle.sysname, DEVICE);
        ck_assert_str_eq(handle.bus, "pci");
        ck_assert_str_eq(handle.syspath, DIRECTORY);
        ck_assert_str_eq(handle.modalias, "pci:v00008086d000010D3sv0sd0bc02sc00i00");
        ck_assert_str_eq(handle.group, "12");
        ck_assert_int_eq(handle_check(&handle), 0);
        handle_close(&handle);
        handle_close(&handle);
        ck_assert_int_eq(handle.fd, -1);
}
END_TEST

static void no_subsystem(void) {
        ck_assert_int_eq(unlink(DIRECTORY "/subsystem"), 0);
}

static void class_subsystem(void) {
        sys_link(DIRECTORY "/subsystem", "../../../class/net");
}

static void long_modalias(void) {
        char text[HANDLE_MODALIAS_SIZE + 1];

        memset(text, 'x', sizeof(text) - 1);
        text[sizeof(text) - 1] = '\0';
        sys_file(DIRECTORY "/modalias", text);
}

static void long_group(void) {
        sys_link(DIRECTORY "/iommu_group", "../groups/1234567890123456");
}

static void not_on_bus(void) {
        ck_assert_int_eq(unlink("/sys/bus/pci/devices/" DEVICE), 0);
}

static void no_modalias(void) {
        ck_assert_int_eq(unlink(DIRECTORY "/modalias"), 0);
}

static const struct {
        const char *why;
        void (*make)(void);
        int r;
} open_rows[] = {
        {"no device", no_subsystem, -ENODEV},
        {"a device of no bus", class_subsystem, -ENODEV},
        {"a longer modalias than any", long_modalias, -EMSGSIZE},
        {"a longer group than any", long_group, -EMSGSIZE},
        {"gone from the bus", not_on_bus, -ENODEV},
        {"a device without a modalias", no_modalias, 0},
};

START_TEST(handle_is_opened) {
        const __typeof__(*open_rows) *row = &open_rows[_i];
        struct handle handle = HANDLE_NONE;

        enter();
        row->make();
        assert_row(handle_open(device_open(DIRECTORY), &handle) == row->r, row);
        assert_row((handle.fd >= 0) == (row->r == 0), row);
        ck_assert_int_eq(handle_open(-EXDEV, &handle), -EXDEV);
}
END_TEST

/* Another card in the same slot: all files are created again. */
static void replace(void) {
        ck_assert_int_eq(rename(DIRECTORY, "/sys/devices/old"), 0);
        sys_device(DEVICE);
}

static void other_modalias(void) {
        sys_file(DIRECTORY "/modalias", "pci:v000015B3d0000101Esv0sd0bc02sc00i00\n");
}

static void other_group(void) {
        sys_group(DEVICE, "13");
}

static void no_group(void) {
        ck_assert_int_eq(unlink(DIRECTORY "/iommu_group"), 0);
}

static void other_link(void) {
        sys_device("0000:00:02.0");
        sys_link("/sys/bus/pci/devices/" DEVICE, "../../../devices/pci0000:00/0000:00:02.0");
}

static void renamed(void) {
        not_on_bus();
        sys_link("/sys/bus/pci/devices/0000:00:09.0", "../../../devices/pci0000:00/" DEVICE);
}

static void untouched(void) {
}

static const struct {
        const char *why;
        void (*change)(void);
        int r;
} check_rows[] = {
        {"the same", untouched, 0},
        {"gone", not_on_bus, -ENODEV},
        {"of another name", renamed, -ENODEV},
        {"another one in its place", replace, -ESTALE},
        {"the name is another's", other_link, -ESTALE},
        {"another modalias", other_modalias, -ESTALE},
        {"no modalias any more", no_modalias, -ESTALE},
        {"another group", other_group, -ESTALE},
        {"no group any more: without an IOMMU VFIO takes its own back", no_group, 0},
};

START_TEST(handle_is_checked) {
        const __typeof__(*check_rows) *row = &check_rows[_i];
        struct handle handle;

        enter();
        sys_group(DEVICE, "12");
        handle = sys_open(DEVICE);
        row->change();
        assert_row(handle_check(&handle) == row->r, row);
        handle_close(&handle);
}
END_TEST

/* And makes one as it binds the device. */
START_TEST(handle_gets_group) {
        struct handle handle;

        enter();
        handle = sys_open(DEVICE);
        sys_group(DEVICE, "12");
        ck_assert_int_eq(handle_check(&handle), 0);
        handle_close(&handle);
}
END_TEST

/* Holds the lock in another process until it reads a byte. */
static pid_t lock_elsewhere(int *ret_go) {
        int ready[2], go[2];
        pid_t pid;
        char byte;

        ck_assert_int_eq(pipe(ready), 0);
        ck_assert_int_eq(pipe(go), 0);
        pid = fork();
        ck_assert_int_ge(pid, 0);
        if (pid == 0) {
                struct handle handle;

                if (handle_open(device_open(DEVICE), &handle) < 0 || device_lock(&handle) < 0 ||
                    write(ready[1], "", 1) != 1)
                        _exit(1);
                _exit(read(go[0], &byte, 1) == 1 ? 0 : 1);
        }
        ck_assert_int_eq(read(ready[0], &byte, 1), 1);
        *ret_go = go[1];
        return pid;
}

START_TEST(device_is_locked) {
        struct handle handle, other;
        struct stat status;
        int fd, other_fd, go, ended;
        pid_t pid;

        enter();
        sys_device("0000:00:1e.0");
        other = sys_open("0000:00:1e.0");
        sys_cover("/run");
        handle = sys_open(DEVICE);
        fd = device_lock(&handle);
        ck_assert_int_ge(fd, 0);
        other_fd = device_lock(&other);
        ck_assert_int_ge(other_fd, 0);
        (void)close(other_fd);
        handle_close(&other);
        ck_assert_int_eq(device_lock(&handle), -EWOULDBLOCK);
        (void)close(fd);
        pid = lock_elsewhere(&go);
        ck_assert_int_eq(device_lock(&handle), -EWOULDBLOCK);
        ck_assert_int_eq(write(go, "", 1), 1);
        ck_assert_int_eq(waitpid(pid, &ended, 0), pid);
        ck_assert_int_eq(ended, 0);
        fd = device_lock(&handle);
        ck_assert_int_ge(fd, 0);
        (void)close(fd);
        /* No other user can open it */
        ck_assert_int_eq(stat("/run/vfio-variant/lock", &status), 0);
        ck_assert_int_eq(status.st_mode & 07777, 0600);
        handle_close(&handle);
}
END_TEST

static void add_handle(TCase *tcase) {
        tcase_add_loop_test(tcase, device_is_found, 0, N_ROWS(find_rows));
        tcase_add_test(tcase, handle_has_identity);
        tcase_add_loop_test(tcase, handle_is_opened, 0, N_ROWS(open_rows));
        tcase_add_loop_test(tcase, handle_is_checked, 0, N_ROWS(check_rows));
        tcase_add_test(tcase, handle_gets_group);
        tcase_add_test(tcase, device_is_locked);
}

int main(void) {
        static const struct unit_case cases[] = {
                {"handle", add_handle},
                {},
        };

        return unit_run("device-handle", cases);
}
