/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/index: what bounds an alias, a module and a walk through the trie. */
#include <errno.h>
#include <string.h>

#include "alias.h"
#include "bin.h"
#include "found.h"
#include "test_index.h"
#include "test_trie.h"
#include "trie.h"

struct bound_row {
        const char *why;
        size_t characters;
        int r;
};

static const struct bound_row alias_rows[] = {
        {"the longest alias", ALIAS_SIZE - 1, 0},
        {"one character more", ALIAS_SIZE, -EBADMSG},
        {"far more", (size_t)4 * CACHE_PAGE_SIZE, -EBADMSG},
};

START_TEST(trie_bounds_alias) {
        const struct bound_row *row = &alias_rows[_i];
        static struct bin bin;
        static char prefix[5 * CACHE_PAGE_SIZE];
        const struct bin_node root = {.prefix = prefix, .values = {{"m", 1}}};
        struct opened opened;
        struct found found = {};

        memset(prefix, '*', row->characters);
        prefix[row->characters] = '\0';
        bin_write(&bin, &root, BIN_PREORDER, 0);
        ck_assert_int_eq(open_bytes(&opened, bin.bytes, bin.size), 0);
        assert_row(look_up(&opened.trie, "p:a", &found) == row->r, row);
        assert_row(found.n == (row->r == 0), row);
        close_opened(&opened, 0);
}
END_TEST

/* As above, by children one below the other: the depth is bounded by the length of the alias. */
START_TEST(trie_bounds_depth) {
        const struct bound_row *row = &alias_rows[_i];
        static struct bin bin;
        struct opened opened;
        struct found found = {};

        bin_begin(&bin);
        bin_root(&bin, TRIE_HEADER_SIZE | NODE_HAS_CHILDREN);
        for (size_t i = 0; i < row->characters; i++) {
                bool last = i + 1 == row->characters;

                bin_u8(&bin, '*');
                bin_u8(&bin, '*');
                bin_u32(&bin, (bin.size + 4) | (last ? NODE_HAS_VALUES : NODE_HAS_CHILDREN));
        }
        bin_u32(&bin, 1);
        bin_u32(&bin, 1);
        bin_text(&bin, "m");
        ck_assert_int_eq(open_bytes(&opened, bin.bytes, bin.size), 0);
        assert_row(look_up(&opened.trie, "p:a", &found) == row->r, row);
        assert_row(found.n == (row->r == 0), row);
        close_opened(&opened, 0);
}
END_TEST

#define BOMB_DEPTH 40

/* A file in which each node is the child of the one before it, twice: 2^40 ways through it. */
START_TEST(trie_visits_no_more_than_there_is) {
        static struct bin bin;
        struct opened opened;
        struct found found = {};

        bin_begin(&bin);
        bin_root(&bin, TRIE_HEADER_SIZE | NODE_HAS_CHILDREN);
        for (int i = 0; i < BOMB_DEPTH; i++) {
                uint32_t next = bin.size + 2 + ('?' - '*' + 1) * 4, table = bin.size + 2;

                bin_u8(&bin, '*');
                bin_u8(&bin, '?');
                while (bin.size < next)
                        bin_u32(&bin, 0);
                next |= i + 1 < BOMB_DEPTH ? NODE_HAS_CHILDREN : NODE_HAS_PREFIX | NODE_HAS_VALUES;
                bin_set_u32(&bin, table, next);
                bin_set_u32(&bin, table + ('?' - '*') * 4, next);
        }
        bin_text(&bin, "not in the key");
        bin_u32(&bin, 1);
        bin_u32(&bin, 1);
        bin_text(&bin, "m");
        ck_assert_int_eq(open_bytes(&opened, bin.bytes, bin.size), 0);
        ck_assert_int_eq(look_up(&opened.trie,
                                 "p:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                                 &found),
                         -EBADMSG);
        close_opened(&opened, 0);
}
END_TEST

static const struct bound_row module_rows[] = {
        {"the longest name", NAME_SIZE - 1, 0},
        {"one character more", NAME_SIZE, -EBADMSG},
        {"far more", (size_t)3 * CACHE_PAGE_SIZE, -EBADMSG},
};

START_TEST(trie_bounds_module) {
        const struct bound_row *row = &module_rows[_i];
        static struct bin bin;
        static char module[4 * CACHE_PAGE_SIZE];
        const struct bin_node root = {.prefix = "vfio_p:*", .values = {{module, 1}}};
        struct opened opened;
        struct found found = {};

        memset(module, 'm', row->characters);
        module[row->characters] = '\0';
        bin_write(&bin, &root, BIN_PREORDER, 0);
        ck_assert_int_eq(open_bytes(&opened, bin.bytes, bin.size), 0);
        assert_row(look_up(&opened.trie, "p:a", &found) == row->r, row);
        assert_row(found.n == (row->r == 0), row);
        close_opened(&opened, 0);
}
END_TEST

void add_trie_bounds(TCase *tcase) {
        tcase_add_loop_test(tcase, trie_bounds_alias, 0, N_ROWS(alias_rows));
        tcase_add_loop_test(tcase, trie_bounds_depth, 0, N_ROWS(alias_rows));
        tcase_add_test(tcase, trie_visits_no_more_than_there_is);
        tcase_add_loop_test(tcase, trie_bounds_module, 0, N_ROWS(module_rows));
}
