/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/index: what is opened as a trie, and what is none. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bin.h"
#include "fd.h"
#include "found.h"
#include "test_index.h"
#include "test_trie.h"
#include "trie.h"

static const struct {
        const char *why, *name;
        int r;
} open_rows[] = {
        {"nothing", "nothing", -ENOENT},
        {"a FIFO", "fifo", -ESPIPE},
        {"an empty file", "empty", -EBADMSG},
        {"a device", "/dev/null", -EBADMSG},
        {"a file larger than any reference reaches", "large", -EBADMSG},
        {"a text", "text", -EBADMSG},
};

START_TEST(trie_opens_indexes_only) {
        const __typeof__(*open_rows) *row = &open_rows[_i];
        struct temp_directory directory = temp_directory_new();
        struct arena arena = {};
        struct trie trie = {};

        temp_file(&directory, "empty", "");
        temp_file(&directory, "text", "alias vfio_pci:v*d*sv*sd*bc*sc*i* vfio_pci\n");
        temp_file_bytes(&directory, "large", small_bytes[0], SMALL_SIZE);
        ck_assert_int_eq(ftruncate(openat(directory.fd, "large", O_WRONLY), 0x10000001), 0);
        ck_assert_int_eq(mkfifoat(directory.fd, "fifo", 0644), 0);
        ck_assert_msg(trie_open(directory.fd, row->name, &arena, &trie) == row->r, "row %d: %s", _i,
                      row->why);
        arena_done(&arena);
        fd_close(directory.fd);
}
END_TEST

START_TEST(trie_opens_no_directory) {
        struct temp_directory directory = temp_directory_new();
        struct arena arena = {};
        struct trie trie = {};

        /* Which error it is depends on the file system */
        ck_assert_int_lt(trie_open(directory.fd, ".", &arena, &trie), 0);
        arena_done(&arena);
        fd_close(directory.fd);
}
END_TEST

START_TEST(trie_of_nothing) {
        static struct bin bin;
        struct opened opened;
        struct found found = {};

        bin_begin(&bin);
        bin_root(&bin, TRIE_HEADER_SIZE);
        ck_assert_int_eq(open_bytes(&opened, bin.bytes, bin.size), 0);
        ck_assert_int_eq(look_up(&opened.trie, "p:a", &found), 0);
        ck_assert_int_eq(found.n, 0);
        ck_assert_int_eq(trie_find(&opened.trie, "", NULL, 0), 0);
        close_opened(&opened, 0);
}
END_TEST

START_TEST(trie_without_memory) {
        struct opened opened;
        struct found found = {};
        struct modalias key = parsed("p:bx");
        static struct bin bin;
        int r;

        bin_write(&bin, &small, BIN_POSTORDER, 5000);
        ck_assert_int_eq(open_bytes(&opened, bin.bytes, bin.size), 0);
        opened.arena.left = 0;
        memory_is_short();
        r = trie_lookup(&opened.trie, &key, found_add, &found);
        memory_is_back();
        ck_assert_int_eq(r, -ENOMEM);
        close_opened(&opened, 0);
}
END_TEST

void add_trie_open(TCase *tcase) {
        tcase_add_loop_test(tcase, trie_opens_indexes_only, 0, N_ROWS(open_rows));
        tcase_add_test(tcase, trie_opens_no_directory);
        tcase_add_test(tcase, trie_of_nothing);
        tcase_add_test(tcase, trie_without_memory);
}
