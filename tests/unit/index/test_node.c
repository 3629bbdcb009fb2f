/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/index: a node of a trie. */
#include <errno.h>

#include "bin.h"
#include "node.h"
#include "test_index.h"
#include "test_trie.h"

static const struct {
        const char *why;
        enum bin_order order;
        uint32_t reference, parent;
        int r;
} begin_rows[] = {
        {"after its parent", BIN_PREORDER, 0xc0000028, 12, 0},
        {"its parent", BIN_PREORDER, 0xc000000c, 12, -EBADMSG},
        {"before its parent", BIN_PREORDER, 0xc0000014, 30, -EBADMSG},
        {"the last byte", BIN_PREORDER, 0xc0000033, 12, 0},
        {"at the end", BIN_PREORDER, 0xc0000034, 12, -EBADMSG},
        {"at the end, with nothing in it", BIN_PREORDER, 0x00000034, 12, -EBADMSG},
        {"in the header", BIN_PREORDER, 0x4000000b, 0, -EBADMSG},
        {"the other order: before its parent", BIN_POSTORDER, 0x4000000c, 34, 0},
        {"the other order: its parent", BIN_POSTORDER, 0x40000022, 34, -EBADMSG},
        {"the other order: after its parent", BIN_POSTORDER, 0x40000023, 34, -EBADMSG},
        {"the other order: in the header", BIN_POSTORDER, 0x4000000b, 34, -EBADMSG},
};

START_TEST(node_begins) {
        const __typeof__(*begin_rows) *row = &begin_rows[_i];
        struct opened opened;
        struct node node;
        int r;

        ck_assert_int_eq(open_bytes(&opened, small_bytes[row->order], SMALL_SIZE), 0);
        assert_row(node_begin(&opened.trie, row->reference, row->parent, &node) == row->r, row);
        if (row->r == 0) {
                assert_row(node.parts == (row->reference & 0xf0000000), row);
                assert_row(node.offset == (row->reference & 0x0fffffff), row);
                assert_row(node.at == node.offset, row);
        }
        r = node_begin(&opened.trie, opened.trie.root, node_root_parent(&opened.trie), &node);
        assert_row(r == 0, row);
        close_opened(&opened, 0);
}
END_TEST

static const struct {
        const char *why;
        uint8_t first, last;
        int r;
} character_range_rows[] = {
        {"one character", 'a', 'a', 0},
        {"the last of ASCII", 'a', 0x7f, 0},
        {"all of ASCII", 0, 0x7f, 0},
        {"one beyond ASCII", 'a', 0x80, -EBADMSG},
        {"all that there is", 0, 0xff, -EBADMSG},
        {"the wrong way round", 'b', 'a', -EBADMSG},
};

/* In a file that has room for any table. */
START_TEST(node_has_characters) {
        const __typeof__(*character_range_rows) *row = &character_range_rows[_i];
        static struct bin bin;
        struct opened opened;
        struct node node;
        uint32_t child = 77;

        bin_begin(&bin);
        bin_root(&bin, TRIE_HEADER_SIZE | NODE_HAS_CHILDREN);
        bin_u8(&bin, row->first);
        bin_u8(&bin, row->last);
        bin_pad(&bin, 2000);
        ck_assert_int_eq(open_bytes(&opened, bin.bytes, bin.size), 0);
        ck_assert_int_eq(node_begin(&opened.trie, opened.trie.root, 0, &node), 0);
        assert_row(node_find_parts(&opened.trie, &node) == row->r, row);
        if (row->r == 0) {
                assert_row(node.children == 14, row);
                assert_row(node.values == 14 + 4 * (row->last - row->first + 1u), row);
                assert_row(!node_child(&opened.trie, &node, row->last, &child), row);
                assert_row(child == 0xa5a5a5a5, row);
                assert_row(!node_child(&opened.trie, &node, row->last + 1, &child), row);
                assert_row(child == 0, row);
        }
        close_opened(&opened, 0);
}
END_TEST

START_TEST(node_reads_string) {
        struct opened opened;
        char text[8] = "";
        uint32_t at = 12;

        ck_assert_int_eq(open_bytes(&opened, small_bytes[BIN_PREORDER], SMALL_SIZE), 0);
        ck_assert_int_eq(node_read_string(&opened.trie, &at, text, 8), 0);
        ck_assert_str_eq(text, "vfio_p:");
        ck_assert_uint_eq(at, 20);
        at = 12;
        ck_assert_int_eq(node_read_string(&opened.trie, &at, text, 7), -EBADMSG);
        at = SMALL_SIZE;
        ck_assert_int_eq(node_read_string(&opened.trie, &at, text, 8), -EBADMSG);
        close_opened(&opened, 0);
}
END_TEST

void add_node(TCase *tcase) {
        tcase_add_loop_test(tcase, node_begins, 0, N_ROWS(begin_rows));
        tcase_add_loop_test(tcase, node_has_characters, 0, N_ROWS(character_range_rows));
        tcase_add_test(tcase, node_reads_string);
}
