/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/guards: the block devices of a device, and what uses them. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "block_devices.h"
#include "check_guard.h"
#include "guards.h"
#include "mounts.h"
#include "sys.h"
#include "unit.h"

#define DEVICE    "0000:00:01.0"
#define DIRECTORY SYS_ROOT DEVICE

/* --- mounts.h --- */

static const struct {
        const char *why, *line;
        const char *number, *where, *type, *source; /* NULL: it is no line of mountinfo */
} mount_rows[] = {
        {"as the kernel writes it", "27 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n", "254:0", "/",
         "ext4", "/dev/vda"},
        {"without a newline", "27 1 254:0 / / rw - ext4 /dev/vda", "254:0", "/", "ext4",
         "/dev/vda"},
        {"with optional words", "27 1 0:5 / /a rw shared:1 master:2 - btrfs /dev/sdb rw\n", "0:5",
         "/a", "btrfs", "/dev/sdb"},
        {"an escape", "27 1 8:1 / /a\\040b rw - ext4 /dev/sda1 rw\n", "8:1", "/a\\040b", "ext4",
         "/dev/sda1"},
        {"several blanks", "27  1 8:1\t/ /a rw  - ext4 x rw\n", "8:1", "/a", "ext4", "x"},
        {"a mount at -", "27 1 8:1 / - rw - ext4 x rw\n", "8:1", "-", "ext4", "x"},
        {"nothing", "", NULL, NULL, NULL, NULL},
        {"blanks", "   \n", NULL, NULL, NULL, NULL},
        {"no separator", "27 1 8:1 / /a rw shared:1 ext4 x rw\n", NULL, NULL, NULL, NULL},
        {"nothing after the separator", "27 1 8:1 / /a rw -\n", NULL, NULL, NULL, NULL},
        {"no source", "27 1 8:1 / /a rw - ext4\n", NULL, NULL, NULL, NULL},
        {"a separator too early", "27 1 8:1 / /a - ext4 x\n", NULL, NULL, NULL, NULL},
        {"cut short", "27 1 8:1 /", NULL, NULL, NULL, NULL},
        {"the next line is none of it", "27 1 8:1 / /a rw - ext4\n/dev/sda rw", NULL, NULL, NULL,
         NULL},
};

static bool is_word(const struct mounts_word *word, const char *text) {
        return word->length == strlen(text) && memcmp(word->text, text, word->length) == 0;
}

START_TEST(mount_is_read) {
        const __typeof__(*mount_rows) *row = &mount_rows[_i];
        struct mount mount;

        assert_row(mount_parse(row->line, strlen(row->line), &mount) == (row->number != NULL), row);
        if (!row->number)
                return;
        assert_row(is_word(&mount.number, row->number), row);
        assert_row(is_word(&mount.where, row->where), row);
        assert_row(is_word(&mount.type, row->type), row);
        assert_row(is_word(&mount.source, row->source), row);
}
END_TEST

static const struct {
        const char *why, *line, *file; /* NULL: none */
} swap_rows[] = {
        {"a partition", "/dev/dm-1                               partition\t979964\t\t0\t\t-2\n",
         "/dev/dm-1"},
        {"a file", "/swap\\040file file 1 0 -3\n", "/swap\\040file"},
        {"the head", "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n", NULL},
        {"nothing", "", NULL},
        {"an empty line", "\n", NULL},
};

START_TEST(swap_is_read) {
        const __typeof__(*swap_rows) *row = &swap_rows[_i];
        struct mounts_word file;

        assert_row(swap_parse(row->line, strlen(row->line), &file) == (row->file != NULL), row);
        assert_row(!row->file || is_word(&file, row->file), row);
}
END_TEST

static void add_mounts(TCase *tcase) {
        tcase_add_loop_test(tcase, mount_is_read, 0, N_ROWS(mount_rows));
        tcase_add_loop_test(tcase, swap_is_read, 0, N_ROWS(swap_rows));
}

/* --- a disk with devices that are built on it --- */

/* Makes the block device NAME in the directory ABOVE, a path below /sys/devices. */
static void block(const char *above, const char *name, const char *number) {
        const char *directory = sys_path("/sys/devices/%s/%s", above, name);

        sys_file(sys_path("%s/dev", directory), sys_path("%s\n", number));
        sys_directory(sys_path("%s/holders", directory));
        sys_link(sys_path("/sys/class/block/%s", name),
                 sys_path("../../devices/%s/%s", above, name));
}

static void partition(const char *above, const char *disk, const char *name, const char *number) {
        block(sys_path("%s/%s", above, disk), name, number);
        sys_file(sys_path("/sys/devices/%s/%s/%s/partition", above, disk, name), "1\n");
}

static void upper_device(const char *lower, const char *upper) {
        sys_link(sys_path("/sys/class/block/%s/holders/%s", lower, upper),
                 sys_path("/sys/devices/virtual/block/%s", upper));
}

#define BELOW "pci0000:00/" DEVICE "/nvme/nvme0"

/*
 * nvme0n1 with p1, p2; dm-0 holds p2, dm-1 holds dm-0; md127 holds p1 and sdb; and a disk of
 * another device, whose name begins as this one's, and one whose own does.
 */
static void make_disk(void) {
        sys_enter();
        sys_device(DEVICE);
        block(BELOW, "nvme0n1", "259:0");
        partition(BELOW, "nvme0n1", "nvme0n1p1", "259:1");
        partition(BELOW, "nvme0n1", "nvme0n1p2", "259:2");
        sys_directory("/sys/devices/" BELOW "/nvme0n1/nvme0n1foo");
        block("pci0000:00/" DEVICE "0/nvme/nvme1", "nvme0n10", "259:10");
        block("pci0000:00/0000:00:02.0", "sdb", "8:16");
}

static void make_holders(void) {
        block("virtual/block", "dm-0", "253:0");
        sys_file("/sys/class/block/dm-0/dm/name", "vg-root\n");
        block("virtual/block", "dm-1", "253:1");
        block("virtual/block", "md127", "9:127");
        partition("virtual/block", "md127", "md127p1", "259:20");
        upper_device("nvme0n1p2", "dm-0");
        upper_device("dm-0", "dm-1");
        upper_device("nvme0n1p1", "md127");
        upper_device("sdb", "md127");
        upper_device("dm-1", "lost"); /* just removed */
}

static void make_array(void) {
        block("virtual/block", "md127", "9:127");
        upper_device("nvme0n1p1", "md127");
}

/* Loop devices: on the disk, on a partition, on the first one, and on others. */
static void loop(const char *name, const char *number, const char *backing) {
        block("virtual/block", name, number);
        sys_file(sys_path("/sys/class/block/%s/loop/backing_file", name),
                 sys_path("%s\n", backing));
}

static void make_loops(void) {
        loop("loop0", "7:0", "/dev/nvme0n1");
        loop("loop1", "7:1", "/dev/loop0 (deleted)");
        loop("loop2", "7:2", "/dev/nvme0n10");
        loop("loop3", "7:3", "/srv/dev/nvme0n1");
        loop("loop4", "7:4", "/dev/nvme0n1 (undeleted)");
        loop("loop5", "7:5", "/dev/nvme0n1p2");
        block("virtual/block", "loop6", "7:6"); /* not set up */
}

static void make_loop(void) {
        loop("loop2", "7:2", "/dev/nvme0n1");
}

static void make_loop_elsewhere(void) {
        loop("loop2", "7:2", "/dev/sdb");
}

static const struct block_device *find_block(const struct block_device *list, const char *name) {
        while (list && strcmp(list->name, name) != 0)
                list = list->next;
        return list;
}

static size_t count_blocks(const struct block_device *list) {
        size_t n = 0;

        for (; list; list = list->next)
                n++;
        return n;
}

START_TEST(blocks_are_found) {
        struct arena arena = {};
        struct snapshot snapshot = {};
        struct handle handle;
        struct block_device *list;

        make_disk();
        make_holders();
        handle = sys_open(DEVICE);
        ck_assert_int_eq(block_devices_find(&handle, &snapshot, &arena, &list), 0);
        ck_assert_uint_eq(count_blocks(list), 7);
        ck_assert_ptr_null(find_block(list, "nvme0n1")->lower);
        ck_assert_str_eq(find_block(list, "nvme0n1")->node, "/dev/nvme0n1");
        ck_assert_str_eq(find_block(list, "nvme0n1p2")->number, "259:2");
        ck_assert_ptr_null(find_block(list, "nvme0n1p2")->lower);
        ck_assert_ptr_eq(find_block(list, "dm-0")->lower, find_block(list, "nvme0n1p2"));
        ck_assert_str_eq(find_block(list, "dm-0")->title, "/dev/dm-0 (vg-root)");
        ck_assert_ptr_eq(find_block(list, "dm-1")->lower, find_block(list, "dm-0"));
        ck_assert_str_eq(find_block(list, "dm-1")->title, "/dev/dm-1");
        ck_assert_ptr_eq(find_block(list, "md127")->lower, find_block(list, "nvme0n1p1"));
        ck_assert_ptr_eq(find_block(list, "md127p1")->lower, find_block(list, "nvme0n1p1"));
        arena_done(&arena);
        snapshot_done(&snapshot);
        handle_close(&handle);
}
END_TEST

START_TEST(blocks_have_loops) {
        struct arena arena = {};
        struct snapshot snapshot = {};
        struct handle handle;
        struct block_device *list;

        make_disk();
        make_loops();
        handle = sys_open(DEVICE);
        ck_assert_int_eq(block_devices_find(&handle, &snapshot, &arena, &list), 0);
        ck_assert_uint_eq(count_blocks(list), 6);
        ck_assert_ptr_eq(find_block(list, "loop0")->lower, find_block(list, "nvme0n1"));
        ck_assert_ptr_eq(find_block(list, "loop1")->lower, find_block(list, "loop0"));
        ck_assert_ptr_eq(find_block(list, "loop5")->lower, find_block(list, "nvme0n1p2"));
        arena_done(&arena);
        snapshot_done(&snapshot);
        handle_close(&handle);
}
END_TEST

static const struct {
        const char *why, *path, *head; /* HEAD: NULL if the path has none */
} multipath_rows[] = {
        {"a path of several", "nvme2c0n3", "nvme2n3"},
        {"of long numbers", "nvme10c255n12", "nvme10n12"},
        {"no path", "nvme2n3", NULL},
        {"a path of nothing", "nvme2c0", NULL},
        {"no name space", "nvme2c0x3", NULL},
        {"another disk", "sdc", NULL},
};

START_TEST(blocks_have_multipath) {
        const __typeof__(*multipath_rows) *row = &multipath_rows[_i];
        struct arena arena = {};
        struct snapshot snapshot = {};
        struct handle handle;
        struct block_device *list;

        make_disk();
        block(BELOW, row->path, "259:30");
        block("virtual/nvme-subsystem/nvme-subsys2", "nvme2n4", "259:40");
        if (row->head) {
                block("virtual/nvme-subsystem/nvme-subsys2", row->head, "259:31");
                partition("virtual/nvme-subsystem/nvme-subsys2", row->head, "nvme10n12p1", "259:3");
        }
        handle = sys_open(DEVICE);
        ck_assert_int_eq(block_devices_find(&handle, &snapshot, &arena, &list), 0);
        assert_row(!row->head || find_block(list, row->head), row);
        assert_row(!find_block(list, "nvme2n4"), row);
        /* the three, the path; its head, and that one's partition */
        assert_row(count_blocks(list) ==
                           4 + (size_t)(row->head ? 1 + (strcmp(row->head, "nvme10n12") == 0) : 0),
                   row);
        arena_done(&arena);
        snapshot_done(&snapshot);
        handle_close(&handle);
}
END_TEST

START_TEST(blocks_have_no_memory) {
        struct arena arena = {};
        struct snapshot snapshot = {};
        struct handle handle;
        struct block_device *list = NULL;
        int r;

        make_disk();
        handle = sys_open(DEVICE);
        memory_is_short();
        r = block_devices_find(&handle, &snapshot, &arena, &list);
        memory_is_back();
        ck_assert_int_eq(r, -ENOMEM);
        ck_assert_ptr_null(list);
        arena_done(&arena);
        snapshot_done(&snapshot);
        handle_close(&handle);
}
END_TEST

START_TEST(blocks_with_odd_name) {
        struct arena arena = {};
        struct snapshot snapshot = {};
        struct handle handle;
        struct block_device *list;

        make_disk();
        block(BELOW, "cciss!c0d0", "104:0");
        handle = sys_open(DEVICE);
        ck_assert_int_eq(block_devices_find(&handle, &snapshot, &arena, &list), 0);
        ck_assert_str_eq(find_block(list, "cciss!c0d0")->node, "/dev/cciss/c0d0");
        arena_done(&arena);
        snapshot_done(&snapshot);
        handle_close(&handle);
}
END_TEST

static void add_blocks(TCase *tcase) {
        tcase_add_test(tcase, blocks_are_found);
        tcase_add_test(tcase, blocks_have_loops);
        tcase_add_loop_test(tcase, blocks_have_multipath, 0, N_ROWS(multipath_rows));
        tcase_add_test(tcase, blocks_have_no_memory);
        tcase_add_test(tcase, blocks_with_odd_name);
}

/* --- what uses them --- */

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
        ck_assert_int_eq(guards_check_block_use(&handle, NULL, &finding), 1);
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
        ck_assert_int_eq(guards_check_bind(&handle, NULL, true, &finding) > 0 &&
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
                {"mounts", add_mounts},
                {"blocks", add_blocks},
                {"use", add_use},
                {},
        };

        return unit_run("block-devices", cases);
}
