/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/index: what is found on the way through a trie, in files made by hand. */
#include <errno.h>
#include <string.h>

#include "bin.h"
#include "fd.h"
#include "found.h"
#include "test_index.h"
#include "test_trie.h"
#include "trie.h"

const char *const order_names[] = {"kmod up to 33", "kmod since 34"};

int open_bytes(struct opened *opened, const void *bytes, size_t size) {
        memset(opened, 0, sizeof(*opened));
        opened->directory = temp_directory_new();
        temp_file_bytes(&opened->directory, "x.bin", bytes, size);
        return trie_open(opened->directory.fd, "x.bin", &opened->arena, &opened->trie);
}

void close_opened(struct opened *opened, int r) {
        if (r == 0)
                trie_done(&opened->trie);
        arena_done(&opened->arena);
        fd_close(opened->directory.fd);
}

int look_up(struct trie *trie, const char *modalias, struct found *found) {
        struct modalias key;

        ck_assert_int_eq(modalias_parse(modalias, &key), 0);
        return trie_lookup(trie, &key, found_add, found);
}

static const struct bin_node small_a = {.values = {{"m", 1}}};
static const struct bin_node small_b = {.prefix = "*", .values = {{"n", 2}}};
const struct bin_node small = {
        .prefix = "vfio_p:", .characters = "ab", .children = {&small_a, &small_b}};

const uint8_t small_bytes[][SMALL_SIZE] = {
        [BIN_POSTORDER] =
                {
                        0xb0, 0x07, 0xf4, 0x57, 0,   2,   0,    1, 0xa0, 0,
                        0,    34,                                           /* root: P, C at 34 */
                        0,    0,    0,    1,    0,   0,   0,    1, 'm',  0, /* 12: a */
                        '*',  0,    0,    0,    0,   1,   0,    0, 0,    2,
                        'n',  0,                                             /* 22: b */
                        'v',  'f',  'i',  'o',  '_', 'p', ':',  0,           /* 34: the root */
                        'a',  'b',  0x40, 0,    0,   12,  0xc0, 0, 0,    22, /* 42, 44, 48 */
                },
        [BIN_PREORDER] =
                {
                        0xb0, 0x07, 0xf4, 0x57, 0,   2,   0,    1, 0xa0, 0,
                        0,    12,                                            /* root: P, C at 12 */
                        'v',  'f',  'i',  'o',  '_', 'p', ':',  0,           /* 12: the root */
                        'a',  'b',  0x40, 0,    0,   30,  0xc0, 0, 0,    40, /* 20, 22, 26 */
                        0,    0,    0,    1,    0,   0,   0,    1, 'm',  0,  /* 30: a */
                        '*',  0,    0,    0,    0,   1,   0,    0, 0,    2,
                        'n',  0, /* 40: b */
                },
};

/* The tests' own writer is held against these bytes, before it is believed. */
START_TEST(trie_writer_writes_those_bytes) {
        static struct bin bin;

        bin_write(&bin, &small, (enum bin_order)_i, 0);
        ck_assert_uint_eq(bin.size, SMALL_SIZE);
        ck_assert_int_eq(memcmp(bin.bytes, small_bytes[_i], SMALL_SIZE), 0);
}
END_TEST

const struct small_row small_rows[N_SMALL_ROWS] = {
        {"one alias", "p:a", "vfio_p:a m 1;"},
        {"one alias with a star", "p:bx", "vfio_p:b* n 2;"},
        {"a star for nothing", "p:b", "vfio_p:b* n 2;"},
        {"longer than an alias", "p:ax", ""},
        {"shorter than all", "p:", ""},
        {"another bus", "q:a", ""},
        {"another character", "p:c", ""},
};

START_TEST(trie_finds_in_small) {
        const struct small_row *row = &small_rows[_i];

        for (int order = 0; order < 2; order++) {
                struct opened opened;
                struct found found = {};

                ck_assert_int_eq(open_bytes(&opened, small_bytes[order], SMALL_SIZE), 0);
                assert_row(look_up(&opened.trie, row->modalias, &found) == 0, row);
                assert_row(strcmp(found_text(&found), row->found) == 0, row);
                close_opened(&opened, 0);
        }
}
END_TEST

static const struct {
        const char *why, *key;
        int has;
} has_rows[] = {
        {"all of a key", "vfio_p:a", 1},
        {"all of a key with a prefix in its leaf", "vfio_p:b*", 1},
        {"a key that ends before that prefix", "vfio_p:b", 0},
        {"a node without a value", "vfio_p:", 0},
        {"within the root's prefix", "vfio", 0},
        {"nothing", "", 0},
        {"longer than a leaf", "vfio_p:aa", 0},
        {"longer than a leaf with a prefix", "vfio_p:b*x", 0},
        {"a star is a character here", "vfio_p:bx", 0},
        {"after the last character", "vfio_p:c", 0},
        {"before the first character", "vfio_p:A", 0},
        {"a character beyond ASCII", "vfio_p:\xe1", 0},
        {"another character in the prefix", "vfix", 0},
        {"another character at the end of the prefix", "vfio_p_", 0},
        {"another first character", "x", 0},
};

/* trie_find() finds the same keys, and their first values. */
static void check_value(struct trie *trie, const char *key, int has) {
        const char *wanted = strcmp(key, "vfio_p:a") == 0 ? "m" : "n";
        char value[8] = "#";

        ck_assert_int_eq(trie_find(trie, key, value, sizeof(value)), has);
        ck_assert_str_eq(value, has ? wanted : "#");
        if (has) /* "m" and its NUL need two bytes */
                ck_assert_int_eq(trie_find(trie, key, value, 1), -EBADMSG);
}

START_TEST(trie_has_keys) {
        const __typeof__(*has_rows) *row = &has_rows[_i];

        for (int order = 0; order < 2; order++) {
                struct opened opened;

                ck_assert_int_eq(open_bytes(&opened, small_bytes[order], SMALL_SIZE), 0);
                assert_row(trie_find(&opened.trie, row->key, NULL, 0) == row->has, row);
                check_value(&opened.trie, row->key, row->has);
                close_opened(&opened, 0);
        }
}
END_TEST

static const struct bin_node native = {.prefix = "ci:v*", .values = {{"native", 0}}};
static const struct bin_node catch_all = {.prefix = "d*",
                                          .values = {{"vfio_p", 5}, {"other", 9}, {"third", 9}}};
static const struct bin_node any_device = {.values = {{"one", 1}}};
static const struct bin_node set_end = {.prefix = "3-5]", .values = {{"set", 6}}};
static const struct bin_node escaped = {.prefix = "*", .values = {{"star", 7}}};
static const struct bin_node two = {.values = {{"two", 2}}, .prefix = NULL, .characters = NULL};
static const struct bin_node any_character = {.values = {{"character", 8}}};
static const struct bin_node vendor = {
        .prefix = "d",
        .characters = "*2?[\\",
        .children = {&any_device, &two, &any_character, &set_end, &escaped},
        .values = {{"vendor", 3}},
};
static const struct bin_node vfio = {
        .prefix = "fio_p:v", .characters = "*12", .children = {&catch_all, &vendor, NULL}};
static const struct bin_node everything = {.values = {{"everything", 4}}};
static const struct bin_node large = {.characters = "*pv",
                                      .children = {&everything, &native, &vfio}};

static const struct {
        const char *why, *modalias, *found;
} large_rows[] = {
        {"a key, the star for it, the character for it, and the catch-all", "p:v1d2",
         "* everything 4;vfio_p:v*d* other 9;vfio_p:v*d* third 9;vfio_p:v*d* vfio_p 5;"
         "vfio_p:v1d* one 1;vfio_p:v1d2 two 2;vfio_p:v1d? character 8;"},
        {"a set", "p:v1d4",
         "* everything 4;vfio_p:v*d* other 9;vfio_p:v*d* third 9;vfio_p:v*d* vfio_p 5;"
         "vfio_p:v1d* one 1;vfio_p:v1d? character 8;vfio_p:v1d[3-5] set 6;"},
        {"what a backslash stands before", "p:v1d*",
         "* everything 4;vfio_p:v*d* other 9;vfio_p:v*d* third 9;vfio_p:v*d* vfio_p 5;"
         "vfio_p:v1d* one 1;vfio_p:v1d? character 8;vfio_p:v1d\\* star 7;"},
        {"an inner node's value", "p:v1d",
         "* everything 4;vfio_p:v*d* other 9;vfio_p:v*d* third 9;vfio_p:v*d* vfio_p 5;"
         "vfio_p:v1d vendor 3;vfio_p:v1d* one 1;"},
        {"no child under a character between", "p:v2d",
         "* everything 4;vfio_p:v*d* other 9;"
         "vfio_p:v*d* third 9;vfio_p:v*d* vfio_p 5;"},
        {"only what matches everything", "q:v1d2", "* everything 4;"},
};

/* Regardless of where nodes are, including numbers and strings across pages. */
START_TEST(trie_finds_in_large) {
        static struct bin bin;
        uint32_t pad = _i == 0 ? 0 : CACHE_PAGE_SIZE - 60 + (uint32_t)_i;

        for (int order = 0; order < 2; order++) {
                struct opened opened;

                bin_write(&bin, &large, (enum bin_order)order, pad);
                ck_assert_int_eq(open_bytes(&opened, bin.bytes, bin.size), 0);
                for (int i = 0; i < N_ROWS(large_rows); i++) {
                        struct found found = {};

                        ck_assert_int_eq(look_up(&opened.trie, large_rows[i].modalias, &found), 0);
                        ck_assert_msg(!strcmp(found_text(&found), large_rows[i].found),
                                      "%s, pad %u: %s: %s", order_names[order], pad,
                                      large_rows[i].why, found_text(&found));
                }
                ck_assert_int_eq(trie_find(&opened.trie, "vfio_p:v1d2", NULL, 0), 1);
                ck_assert_int_eq(trie_find(&opened.trie, "vfio_p:v2", NULL, 0), 0);
                close_opened(&opened, 0);
        }
}
END_TEST

/* The prefix of all keys of a bus: all its aliases, regardless of what follows. */
START_TEST(trie_finds_all_of_bus) {
        struct opened opened;
        struct found found = {};
        struct modalias key = parsed("p:x"), begin;

        modalias_bus_prefix(&key, &begin);
        ck_assert_int_eq(open_bytes(&opened, small_bytes[_i], SMALL_SIZE), 0);
        ck_assert_int_eq(trie_lookup(&opened.trie, &begin, found_add, &found), 0);
        ck_assert_str_eq(found_text(&found), "vfio_p:a m 1;vfio_p:b* n 2;");
        close_opened(&opened, 0);
}
END_TEST

START_TEST(trie_walk_is_ended) {
        static struct bin bin;
        struct opened opened;
        struct found found = {.stop_at = 3, .r = -EXDEV};

        bin_write(&bin, &large, (enum bin_order)_i, 0);
        ck_assert_int_eq(open_bytes(&opened, bin.bytes, bin.size), 0);
        ck_assert_int_eq(look_up(&opened.trie, "p:v1d2", &found), -EXDEV);
        ck_assert_int_eq(found.n, 3);
        found = (struct found){.stop_at = 1, .r = 7}; /* only what is below 0 does */
        ck_assert_int_eq(look_up(&opened.trie, "p:v1d2", &found), 0);
        ck_assert_int_eq(found.n, 7);
        close_opened(&opened, 0);
}
END_TEST

void add_trie(TCase *tcase) {
        tcase_add_loop_test(tcase, trie_writer_writes_those_bytes, 0, 2);
        tcase_add_loop_test(tcase, trie_finds_in_small, 0, N_SMALL_ROWS);
        tcase_add_loop_test(tcase, trie_has_keys, 0, N_ROWS(has_rows));
        tcase_add_loop_test(tcase, trie_finds_in_large, 0, 70);
        tcase_add_loop_test(tcase, trie_finds_all_of_bus, 0, 2);
        tcase_add_loop_test(tcase, trie_walk_is_ended, 0, 2);
}
