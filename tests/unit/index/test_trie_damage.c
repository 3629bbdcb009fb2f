/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/index: a trie that is damaged, or cut. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "bin.h"
#include "found.h"
#include "test_index.h"
#include "test_trie.h"
#include "trie.h"

/* One byte of the small index is another; then "p:bx", or else "p:a", is looked up. */
static const struct {
        const char *why;
        enum bin_order order;
        uint32_t offset;
        uint8_t byte;
        int r_open, r;
        const char *found; /* NULL: nothing may be */
} damage_rows[] = {
        {"the magic number, first byte", BIN_PREORDER, 0, 0, -EBADMSG, 0, NULL},
        {"the magic number, last byte", BIN_PREORDER, 3, 0, -EBADMSG, 0, NULL},
        {"a later major version", BIN_PREORDER, 5, 3, -EBADMSG, 0, NULL},
        {"an earlier major version", BIN_POSTORDER, 5, 1, -EBADMSG, 0, NULL},
        {"a far later major version", BIN_PREORDER, 4, 1, -EBADMSG, 0, NULL},
        {"a later minor version only adds", BIN_PREORDER, 7, 9, 0, 0, "vfio_p:b* n 2;"},
        {"a far later minor version", BIN_POSTORDER, 6, 1, 0, 0, "vfio_p:b* n 2;"},
        {"a root without parts, and more after it", BIN_PREORDER, 8, 0, -EBADMSG, 0, NULL},
        {"a root after the end of the file", BIN_POSTORDER, 11, 60, 0, -EBADMSG, NULL},
        {"a root at the very end of the file", BIN_POSTORDER, 11, 52, 0, -EBADMSG, NULL},
        {"a root far after the end of the file", BIN_POSTORDER, 8, 0xaf, 0, -EBADMSG, NULL},
        {"a root in the header", BIN_POSTORDER, 11, 4, 0, -EBADMSG, NULL},
        {"a root in the header's last byte", BIN_PREORDER, 11, 11, 0, -EBADMSG, NULL},

        {"a child after the end of the file", BIN_PREORDER, 29, 52, 0, -EBADMSG, NULL},
        {"a child that is another node's end: nothing matches", BIN_PREORDER, 29, 51, 0, 0, ""},
        {"a child that is its parent", BIN_PREORDER, 29, 12, 0, -EBADMSG, NULL},
        {"a child before its parent", BIN_PREORDER, 29, 11, 0, -EBADMSG, NULL},
        {"a child in the header", BIN_PREORDER, 29, 0, 0, -EBADMSG, NULL},
        {"the other order: a child that is its parent", BIN_POSTORDER, 51, 34, 0, -EBADMSG, NULL},
        {"the other order: a child after its parent", BIN_POSTORDER, 51, 36, 0, -EBADMSG, NULL},
        {"the other order: a child in the header", BIN_POSTORDER, 51, 11, 0, -EBADMSG, NULL},
        {"no child", BIN_PREORDER, 29, 40, 0, 0, "vfio_p:b* n 2;"},

        {"the first character after the last", BIN_PREORDER, 20, 'c', 0, -EBADMSG, NULL},
        {"a last character beyond ASCII", BIN_PREORDER, 21, 0x80, 0, -EBADMSG, NULL},
        {"so many children as don't fit in", BIN_PREORDER, 21, 0x7f, 0, -EBADMSG, NULL},
        {"the other order: so many as don't fit in", BIN_POSTORDER, 43, 'c', 0, -EBADMSG, NULL},

        {"a control character in a prefix", BIN_PREORDER, 40, 7, 0, 0, ""},
        {"a blank in a prefix", BIN_PREORDER, 40, ' ', 0, 0, ""},
        {"a byte beyond ASCII in a prefix", BIN_PREORDER, 40, 0x80, 0, 0, ""},
        {"a prefix that runs into the characters", BIN_POSTORDER, 41, '*', 0, -EBADMSG, NULL},
        {"a prefix one byte too long", BIN_PREORDER, 41, '*', 0, -EBADMSG, NULL},

        {"no values", BIN_PREORDER, 45, 0, 0, -EBADMSG, NULL},
        {"one value more than there are", BIN_PREORDER, 45, 2, 0, -EBADMSG, NULL},
        {"more values than a file holds", BIN_PREORDER, 42, 0xff, 0, -EBADMSG, NULL},
        {"the other order: no values", BIN_POSTORDER, 27, 0, 0, -EBADMSG, NULL},
        {"the other order: values of what is not one", BIN_POSTORDER, 27, 2, 0, -EBADMSG, NULL},
        {"a priority is any", BIN_PREORDER, 46, 0xff, 0, 0, "vfio_p:b* n 4278190082;"},
        {"a module's name that can't be", BIN_PREORDER, 50, '/', 0, -EBADMSG, NULL},
        {"a module without a name", BIN_PREORDER, 50, 0, 0, -EBADMSG, NULL},
        {"a module's name without its end", BIN_PREORDER, 51, 'x', 0, -EBADMSG, NULL},

        {"damage elsewhere is not seen", BIN_PREORDER, 33, 0, 0, 0, "vfio_p:b* n 2;"},
        {"nor elsewhere in the other order", BIN_POSTORDER, 20, '/', 0, 0, "vfio_p:b* n 2;"},
};

START_TEST(trie_reports_damage) {
        const __typeof__(*damage_rows) *row = &damage_rows[_i];
        uint8_t bytes[SMALL_SIZE];
        struct opened opened;
        struct found found = {};
        int r;

        memcpy(bytes, small_bytes[row->order], SMALL_SIZE);
        bytes[row->offset] = row->byte;
        r = open_bytes(&opened, bytes, SMALL_SIZE);
        assert_row(r == row->r_open, row);
        if (r == 0) {
                assert_row(look_up(&opened.trie, "p:bx", &found) == row->r, row);
                assert_row(row->r < 0 || strcmp(found_text(&found), row->found) == 0, row);
                assert_row(row->r == 0 || trie_find(&opened.trie, "vfio_p:b*", NULL, 0) != -ENOENT,
                           row);
        }
        close_opened(&opened, r);
}
END_TEST

/* trie_find() checks what it walks through, too. */
static const struct {
        const char *why;
        enum bin_order order;
        uint32_t offset;
        uint8_t byte;
} damaged_key_rows[] = {
        {"a root after the end of the file", BIN_POSTORDER, 11, 60},
        {"a child that is its parent", BIN_PREORDER, 29, 12},
        {"a child after the end of the file", BIN_POSTORDER, 51, 200},
        {"the first character after the last", BIN_PREORDER, 20, 'c'},
        {"so many children as don't fit in", BIN_PREORDER, 21, 0x7f},
        {"a last character beyond ASCII", BIN_POSTORDER, 43, 0xff},
};

START_TEST(trie_reports_damage_of_keys) {
        const __typeof__(*damaged_key_rows) *row = &damaged_key_rows[_i];
        uint8_t bytes[SMALL_SIZE];
        struct opened opened;
        char value[8];

        memcpy(bytes, small_bytes[row->order], SMALL_SIZE);
        bytes[row->offset] = row->byte;
        ck_assert_int_eq(open_bytes(&opened, bytes, SMALL_SIZE), 0);
        assert_row(trie_find(&opened.trie, "vfio_p:b*", NULL, 0) == -EBADMSG, row);
        assert_row(trie_find(&opened.trie, "vfio_p:b*", value, sizeof(value)) == -EBADMSG, row);
        close_opened(&opened, 0);
}
END_TEST

/* Cut before it is opened, at each length: an error, or all that is there. */
START_TEST(trie_of_cut_file) {
        for (int order = 0; order < 2; order++)
                for (int i = 0; i < N_SMALL_ROWS; i++) {
                        struct opened opened;
                        struct found found = {};
                        int r_open = open_bytes(&opened, small_bytes[order], (size_t)_i), r = 0;

                        if (r_open == 0)
                                r = look_up(&opened.trie, small_rows[i].modalias, &found);
                        ck_assert(r_open == 0 || r_open == -EBADMSG);
                        ck_assert(r == 0 || r == -EBADMSG);
                        ck_assert_msg(
                                r_open || r || !strcmp(found_text(&found), small_rows[i].found),
                                "%s, %d bytes: %s", order_names[order], _i, small_rows[i].modalias);
                        close_opened(&opened, r_open);
                }
}
END_TEST

/* Truncated or removed while it is open: an error. Access to a mapping would raise SIGBUS. */
START_TEST(trie_of_file_that_shrinks) {
        static struct bin bin;
        struct opened opened;
        struct found found = {};

        bin_write(&bin, &small, (enum bin_order)_i, 5000);
        ck_assert_int_eq(open_bytes(&opened, bin.bytes, bin.size), 0);
        ck_assert_int_eq(truncate(opened.directory.path, 0), -1);
        ck_assert_int_eq(ftruncate(openat(opened.directory.fd, "x.bin", O_WRONLY), 100), 0);
        ck_assert_int_eq(look_up(&opened.trie, "p:bx", &found), -EBADMSG);
        ck_assert_int_eq(trie_find(&opened.trie, "vfio_p:b*", NULL, 0), -EBADMSG);
        close_opened(&opened, 0);
}
END_TEST

/* No byte that damage made gets into an alias that is reported. */
static const struct {
        const char *why, *prefix;
        int r;
} character_rows[] = {
        {"a control character in a set", "vfio_p:[\aa]", -EBADMSG},
        {"a blank in a set", "vfio_p:[ a]", -EBADMSG},
        {"a byte beyond ASCII in a set", "vfio_p:[\x80-\xff]", -EBADMSG},
        {"a control character after a backslash", "vfio_p:\\\x07", -EBADMSG},
        {"a byte beyond ASCII after a star", "vfio_p:*\xff", -EBADMSG},
        {"a set that never ends", "vfio_p:[a", 0},
        {"a backslash at the end", "vfio_p:a\\", 0},
};

START_TEST(trie_of_odd_characters) {
        const __typeof__(*character_rows) *row = &character_rows[_i];
        const struct bin_node root = {.prefix = row->prefix, .values = {{"m", 1}}};
        static struct bin bin;
        struct opened opened;
        struct found found = {};

        bin_write(&bin, &root, BIN_PREORDER, 0);
        ck_assert_int_eq(open_bytes(&opened, bin.bytes, bin.size), 0);
        assert_row(look_up(&opened.trie, "p:a", &found) == row->r, row);
        assert_row(found.n == 0, row);
        close_opened(&opened, 0);
}
END_TEST

void add_trie_damage(TCase *tcase) {
        tcase_add_loop_test(tcase, trie_reports_damage, 0, N_ROWS(damage_rows));
        tcase_add_loop_test(tcase, trie_reports_damage_of_keys, 0, N_ROWS(damaged_key_rows));
        tcase_add_loop_test(tcase, trie_of_cut_file, 0, SMALL_SIZE);
        tcase_add_loop_test(tcase, trie_of_file_that_shrinks, 0, 2);
        tcase_add_loop_test(tcase, trie_of_odd_characters, 0, N_ROWS(character_rows));
}
