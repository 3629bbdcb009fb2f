/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/guards: the block devices of a device, and those that are built on them. */
#include "block_devices.h"

#include <errno.h>
#include <string.h>

#include "disk_scene.h"
#include "sys.h"
#include "unit.h"

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
        disk_block(BELOW, row->path, "259:30");
        disk_block("virtual/nvme-subsystem/nvme-subsys2", "nvme2n4", "259:40");
        if (row->head) {
                disk_block("virtual/nvme-subsystem/nvme-subsys2", row->head, "259:31");
                disk_partition("virtual/nvme-subsystem/nvme-subsys2", row->head, "nvme10n12p1",
                               "259:3");
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
        disk_block(BELOW, "cciss!c0d0", "104:0");
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

int main(void) {
        static const struct unit_case cases[] = {
                {"blocks", add_blocks},
                {},
        };

        return unit_run("block-devices", cases);
}
