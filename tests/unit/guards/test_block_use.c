/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/guards: what uses the block devices of a device. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "check_guard.h"
#include "disk_scene.h"
#include "guards.h"
#include "sys.h"
#include "unit.h"

#define DIRECTORY SYS_ROOT DEVICE

static void make_array(void) {
        disk_block("virtual/block", "md127", "9:127");
        disk_upper("nvme0n1p1", "md127");
}

static void make_loop(void) {
        disk_loop("loop2", "7:2", "/dev/nvme0n1");
}

static void make_loop_elsewhere(void) {
        disk_loop("loop2", "7:2", "/dev/sdb");
}

static void make_file_system(void) {
        sys_directory("/sys/fs/ext4/features");
        sys_directory("/sys/fs/ext4/nvme0n1p2");
        sys_directory("/sys/fs/cgroup/devices/nvme0n1");
        sys_file("/sys/fs/file", "");
}

static void make_other_file_system(void) {
        sys_directory("/sys/fs/ext4/nvme0n10");
}

static void make_file_system_on_array(void) {
        make_array();
        sys_directory("/sys/fs/xfs/md127");
}

#define CONFIG      "/sys/kernel/config/"
#define NVME_TARGET CONFIG "nvmet/subsystems/nqn/namespaces/1"
#define SCSI_TARGET CONFIG "target/core/iblock_0/disk"
#define USB_TARGET  CONFIG "usb_gadget/g1/functions/mass_storage.0/lun.0"

static void make_nvme_target(void) {
        sys_file(NVME_TARGET "/device_path", "/dev/nvme0n1\n");
        sys_file(NVME_TARGET "/enable", "1\n");
}

static void make_nvme_target_off(void) {
        make_nvme_target();
        sys_file(NVME_TARGET "/enable", "0\n");
}

#define NVME_PASSTHRU CONFIG "nvmet/subsystems/nqn/passthru"

static void make_passthru(void) {
        sys_directory("/sys/devices/pci0000:00/" DEVICE "/nvme/nvme0");
        sys_file(NVME_PASSTHRU "/device_path", "/dev/nvme0\n");
        sys_file(NVME_PASSTHRU "/enable", "1\n");
}

static void make_other_passthru(void) {
        make_passthru();
        sys_file(NVME_PASSTHRU "/device_path", "/dev/nvme1\n");
}

static void make_scsi_target(void) {
        sys_file(SCSI_TARGET "/udev_path", "/dev/nvme0n1p2\n");
}

static void make_usb_target(void) {
        sys_file(USB_TARGET "/file", "/dev/nvme0n1\n");
}

static void make_other_target(void) {
        sys_file(NVME_TARGET "/device_path", "/dev/nvme0n10\n");
        sys_file(USB_TARGET "/file", "\n");
}

#define SWAPS "Filename\tType\tSize\tUsed\tPriority\n"

static const struct {
        const char *why;
        void (*make)(void);
        const char *mountinfo, *swaps, *btrfs; /* BTRFS: a disk of a file system */
        const char *text;                      /* NULL: nothing is found */
} use_rows[] = {
        {"not in use", NULL, "1 2 254:0 / / rw - ext4 /dev/vda rw\n", SWAPS, NULL, NULL},
        {"nothing to be read in", NULL, "\n", "\n", NULL, NULL},
        {"the disk is mounted", NULL, "1 2 259:0 / /mnt rw - ext4 /dev/nvme0n1 rw\n", SWAPS, NULL,
         "/dev/nvme0n1 is mounted on /mnt"},
        {"a partition is mounted", NULL,
         "1 2 0:5 / /proc rw - proc proc rw\n1 2 259:2 / / rw - ext4 /dev/root rw\n", SWAPS, NULL,
         "/dev/nvme0n1p2 is mounted on /"},
        {"a btrfs, by its source", NULL, "1 2 0:44 / /b rw - btrfs /dev/nvme0n1p1 rw\n", SWAPS,
         NULL, "/dev/nvme0n1p1 is mounted on /b"},
        {"another disk of a btrfs", NULL, "1 2 0:44 / /b rw - btrfs /dev/sdb rw\n", SWAPS,
         "nvme0n1p1", "/dev/nvme0n1p1 is part of a mounted btrfs"},
        {"a disk whose number begins so", NULL, "1 2 259:20 / /b rw - ext4 /dev/x rw\n", SWAPS,
         NULL, NULL},
        {"a disk whose name begins so", NULL, "1 2 0:9 / /b rw - btrfs /dev/nvme0n1p11 rw\n", SWAPS,
         NULL, NULL},
        {"swap", NULL, "\n", SWAPS "/dev/nvme0n1p1 partition 1 0 -2\n", NULL,
         "/dev/nvme0n1p1 is swap space"},
        {"swap elsewhere", NULL, "\n", SWAPS "/dev/nvme0n10 partition 1 0 -2\n", NULL, NULL},
        {"an array", make_array, "\n", SWAPS, NULL, "/dev/nvme0n1p1 is in use by /dev/md127"},
        {"a loop device", make_loop, "\n", SWAPS, NULL, "/dev/nvme0n1 is in use by /dev/loop2"},
        {"a loop device of another disk", make_loop_elsewhere, "\n", SWAPS, NULL, NULL},
        {"a mounted loop device", make_loop, "1 2 7:2 / /mnt rw - ext4 /dev/loop2 rw\n", SWAPS,
         NULL, "/dev/loop2 on /dev/nvme0n1 is mounted on /mnt"},
        {"a mounted loop device on a loop device", make_loops,
         "1 2 7:1 / /mnt rw - ext4 /dev/loop1 rw\n", SWAPS, NULL,
         "/dev/loop1 on /dev/loop0 is mounted on /mnt"},
        {"a mount of a device on it", make_holders,
         "1 2 253:0 / /home rw - xfs /dev/mapper/vg-root rw\n", SWAPS, NULL,
         "/dev/dm-0 (vg-root) on /dev/nvme0n1p2 is mounted on /home"},
        {"swap on a device on a device on it", make_holders, "\n",
         SWAPS "/dev/dm-1 partition 1 0 -2\n", NULL,
         "/dev/dm-1 on /dev/dm-0 (vg-root) is swap space"},
        {"a file system that is mounted nowhere any more", make_file_system, "\n", SWAPS, NULL,
         "/dev/nvme0n1p2 is part of a mounted ext4"},
        {"a file system of another disk", make_other_file_system, "\n", SWAPS, NULL, NULL},
        {"a file system on an array", make_file_system_on_array, "\n", SWAPS, NULL,
         "/dev/md127 on /dev/nvme0n1p1 is part of a mounted xfs"},
        {"exported over fabrics", make_nvme_target, "\n", SWAPS, NULL,
         "/dev/nvme0n1 is exported by " NVME_TARGET "/device_path"},
        {"an export that is off", make_nvme_target_off, "\n", SWAPS, NULL, NULL},
        {"a controller exported over fabrics", make_passthru, "\n", SWAPS, NULL,
         "/dev/nvme0 is exported by " NVME_PASSTHRU "/device_path"},
        {"another controller", make_other_passthru, "\n", SWAPS, NULL, NULL},
        {"exported as a SCSI disk", make_scsi_target, "\n", SWAPS, NULL,
         "/dev/nvme0n1p2 is exported by " SCSI_TARGET "/udev_path"},
        {"exported by USB", make_usb_target, "\n", SWAPS, NULL,
         "/dev/nvme0n1 is exported by " USB_TARGET "/file"},
        {"an export of another disk", make_other_target, "\n", SWAPS, NULL, NULL},
        {"a hostile mount point", NULL, "1 2 259:0 / /\033[2J\302\240\\012x rw - ext4 x rw\n",
         SWAPS, NULL, "/dev/nvme0n1 is mounted on /\\x1b[2J\\xc2\\xa0\\012x"},
};

START_TEST(block_use_is_found) {
        const __typeof__(*use_rows) *row = &use_rows[_i];
        struct finding finding = {.guard = GUARD_NONE};
        struct handle handle;

        make_disk();
        if (row->make)
                row->make();
        if (row->btrfs)
                sys_directory(sys_path("/sys/fs/btrfs/9f2e/devices/%s", row->btrfs));
        sys_directory("/sys/fs/btrfs/features");
        handle = sys_open(DEVICE);
        sys_cover("/proc");
        sys_file("/proc/self/mountinfo", row->mountinfo);
        sys_file("/proc/swaps", row->swaps);
        assert_row(check_guard(guard_block, &handle, &finding) == (row->text != NULL), row);
        assert_row(finding.guard == (row->text ? GUARD_BLOCK : GUARD_NONE), row);
        ck_assert_str_eq(finding.text, row->text ? row->text : "");
        handle_close(&handle);
}
END_TEST

/* Each mount namespace is read once, and that of this process first. */
START_TEST(block_use_elsewhere) {
        static const char mounts[] = "1 2 259:2 / /mnt rw - ext4 /dev/nvme0n1p2 rw\n";
        struct finding finding = {.guard = GUARD_NONE};
        struct handle handle;

        make_disk();
        handle = sys_open(DEVICE);
        sys_cover("/proc");
        sys_file("/proc/ns1", "");
        sys_file("/proc/ns2", "");
        sys_file("/proc/self/mountinfo", "\n");
        sys_link("/proc/self/ns/mnt", "/proc/ns1");
        sys_link("/proc/4710/ns/mnt", "/proc/ns1");
        sys_file("/proc/4710/mountinfo", mounts); /* the same namespace: it is not read */
        ck_assert_int_eq(check_guard(guard_block, &handle, &finding), 0);
        sys_link("/proc/4711/ns/mnt", "/proc/ns2");
        sys_directory("/proc/4712/fd");
        sys_file("/proc/4711/mountinfo", mounts);
        sys_file("/proc/4711/comm", "sleep\n");
        ck_assert_int_eq(check_guard(guard_block, &handle, &finding), 1);
        ck_assert_str_eq(finding.text,
                         "/dev/nvme0n1p2 is mounted on /mnt in the mount namespace of "
                         "process 4711 (sleep)");
        ck_assert_int_eq(guards_check_boot_use(&handle, NULL, &finding), 1);
        handle_close(&handle);
}
END_TEST

/* A mount point as long as a path can be is cut, and its line of 64 KiB does no harm. */
START_TEST(block_use_is_cut) {
        static char line[65536];
        struct finding finding;
        struct handle handle;
        int n = snprintf(line, sizeof(line), "1 2 259:0 / /");

        memset(line + n, 'm', sizeof(line) - (size_t)n - 1);
        (void)memcpy(line + sizeof(line) - 20, " rw - ext4 x rw\n", 17);
        make_disk();
        handle = sys_open(DEVICE);
        sys_cover("/proc");
        sys_file("/proc/self/mountinfo", line);
        ck_assert_int_eq(check_guard(guard_block, &handle, &finding), 1);
        ck_assert_uint_eq(strlen(finding.text), FINDING_SIZE - 1);
        handle_close(&handle);
}
END_TEST

START_TEST(block_use_without_proc) {
        struct finding finding = {.guard = GUARD_NONE};
        struct handle handle;

        make_disk();
        handle = sys_open(DEVICE);
        sys_cover("/proc");
        sys_directory("/proc/self/mountinfo"); /* it cannot be read */
        ck_assert_int_eq(check_guard(guard_block, &handle, &finding), -EISDIR);
        ck_assert_int_eq(finding.guard, GUARD_NONE);
        handle_close(&handle);
}
END_TEST

/*
 * The nodes in /dev of this program: none of this machine is opened. /dev/nvme0n1p1 is open
 * exclusively by a program that no list shows: in another mount namespace, say.
 */
#define NODE "/dev/nvme0n1p1"

static unsigned node_minor;
static int node_fd = -1;

int __wrap_open64(const char *path, int flags, ...);
int __real_open64(const char *path, int flags, ...);
int __wrap_fstat64(int fd, struct stat *ret);
int __real_fstat64(int fd, struct stat *ret);

int __wrap_open64(const char *path, int flags, ...) {
        va_list arguments;
        mode_t mode = 0;

        va_start(arguments, flags);
        if (flags & O_CREAT)
                mode = va_arg(arguments, mode_t);
        va_end(arguments);
        if (strncmp(path, "/dev/", strlen("/dev/")) != 0)
                return __real_open64(path, flags, mode);
        if (strcmp(path, NODE) == 0 && !(flags & O_EXCL))
                return node_fd = __real_open64("/dev/null", flags, mode);
        errno = strcmp(path, NODE) == 0 ? EBUSY : ENOENT;
        return -1;
}

int __wrap_fstat64(int fd, struct stat *ret) {
        int r = __real_fstat64(fd, ret);

        if (fd != node_fd)
                return r;
        ret->st_mode = S_IFBLK;
        ret->st_rdev = makedev(259, node_minor);
        node_fd = -1;
        return 0;
}

START_TEST(block_use_is_exclusive) {
        static const char in_use[] = NODE " is in use (it is open exclusively)";
        struct finding finding = {.guard = GUARD_NONE};
        struct handle handle;

        make_disk();
        sys_hold(DEVICE, "nvme");
        node_minor = _i ? 99 : 1;
        handle = sys_open(DEVICE);
        sys_cover("/proc");
        sys_directory("/proc/self/fd");
        sys_file("/proc/self/mountinfo", "");
        ck_assert_int_eq(check_guard(guard_block, &handle, &finding), 0);
        ck_assert_int_eq(check_guard(guard_block_exclusive, &handle, &finding), !_i);
        ck_assert_str_eq(finding.text, _i ? "" : in_use);
        ck_assert_int_eq(guards_check(&handle, NULL, &finding) > 0 && finding.guard == GUARD_BLOCK,
                         0);
        ck_assert_int_eq(guards_check_bind(&handle, NULL, GUARDS_FORCE, &finding) > 0 &&
                                 finding.guard == GUARD_BLOCK,
                         !_i);
        handle_close(&handle);
}
END_TEST

/* A device without block devices: nothing is read. */
START_TEST(block_use_of_no_disk) {
        struct finding finding = {.guard = GUARD_NONE};
        struct handle handle;

        sys_enter();
        sys_device(DEVICE);
        handle = sys_open(DEVICE);
        sys_cover("/proc");
        sys_directory("/proc/self/mountinfo");
        ck_assert_int_eq(check_guard(guard_block, &handle, &finding), 0);
        handle_close(&handle);
}
END_TEST

static void add_use(TCase *tcase) {
        tcase_add_loop_test(tcase, block_use_is_found, 0, N_ROWS(use_rows));
        tcase_add_test(tcase, block_use_elsewhere);
        tcase_add_test(tcase, block_use_is_cut);
        tcase_add_test(tcase, block_use_without_proc);
        tcase_add_loop_test(tcase, block_use_is_exclusive, 0, 2); /* 1: the node is another's */
        tcase_add_test(tcase, block_use_of_no_disk);
}

int main(void) {
        static const struct unit_case cases[] = {
                {"use", add_use},
                {},
        };

        return unit_run("block-use", cases);
}
