/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/index: the trie, on files made by hand. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "alias.h"
#include "bin.h"
#include "fd.h"
#include "found.h"
#include "test_index.h"
#include "trie.h"

static const char *const order_names[] = {"kmod up to 33", "kmod since 34"};

/* A trie in a file of its own. */
struct opened {
        struct temp_folder folder;
        struct arena arena;
        struct trie trie;
};

static int open_bytes(struct opened *opened, const void *bytes, size_t size) {
        memset(opened, 0, sizeof(*opened));
        opened->folder = temp_folder_new();
        temp_file_bytes(&opened->folder, "x.bin", bytes, size);
        return trie_open(opened->folder.fd, "x.bin", &opened->arena, &opened->trie);
}

/* R: what opening it gave. */
static void close_opened(struct opened *opened, int r) {
        if (r == 0)
                trie_done(&opened->trie);
        arena_done(&opened->arena);
        fd_close(opened->folder.fd);
}

static int look_up(struct trie *trie, const char *modalias, struct found *found) {
        struct modalias key;

        ck_assert_int_eq(modalias_parse(modalias, &key), 0);
        return trie_lookup(trie, &key, found_add, found);
}

/* --- an index of each order, byte by byte --- */

/* "vfio_p:a" names m, with priority 1, and "vfio_p:b*" n, with priority 2. */
static const struct bin_node small_a = {.values = {{"m", 1}}};
static const struct bin_node small_b = {.prefix = "*", .values = {{"n", 2}}};
static const struct bin_node small = {
        .prefix = "vfio_p:", .letters = "ab", .children = {&small_a, &small_b}};

#define SMALL_SIZE 52

static const uint8_t small_bytes[][SMALL_SIZE] = {
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

static const struct {
        const char *why, *modalias, *found;
} small_rows[] = {
        {"one alias", "p:a", "vfio_p:a m 1;"},
        {"one alias with a star", "p:bx", "vfio_p:b* n 2;"},
        {"a star for nothing", "p:b", "vfio_p:b* n 2;"},
        {"longer than an alias", "p:ax", ""},
        {"shorter than all", "p:", ""},
        {"another bus", "q:a", ""},
        {"another letter", "p:c", ""},
};

START_TEST(trie_finds_in_small) {
        const __typeof__(*small_rows) *row = &small_rows[_i];

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
        int has, has_prefix;
} has_rows[] = {
        {"all of a key", "vfio_p:a", 1, 1},
        {"all of a key with a prefix in its leaf", "vfio_p:b*", 1, 1},
        {"a key that ends before that prefix", "vfio_p:b", 0, 1},
        {"a node without a value", "vfio_p:", 0, 1},
        {"within the root's prefix", "vfio", 0, 1},
        {"nothing", "", 0, 1},
        {"longer than a leaf", "vfio_p:aa", 0, 0},
        {"longer than a leaf with a prefix", "vfio_p:b*x", 0, 0},
        {"a star is a letter here", "vfio_p:bx", 0, 0},
        {"behind the last letter", "vfio_p:c", 0, 0},
        {"before the first letter", "vfio_p:A", 0, 0},
        {"a letter beyond ASCII", "vfio_p:\xe1", 0, 0},
        {"another letter in the prefix", "vfix", 0, 0},
        {"another letter at the end of the prefix", "vfio_p_", 0, 0},
        {"another first letter", "x", 0, 0},
};

START_TEST(trie_has_keys) {
        const __typeof__(*has_rows) *row = &has_rows[_i];

        for (int order = 0; order < 2; order++) {
                struct opened opened;

                ck_assert_int_eq(open_bytes(&opened, small_bytes[order], SMALL_SIZE), 0);
                assert_row(trie_has(&opened.trie, row->key) == row->has, row);
                assert_row(trie_has_prefix(&opened.trie, row->key) == row->has_prefix, row);
                close_opened(&opened, 0);
        }
}
END_TEST

/* --- damage --- */

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
        {"a root without parts, and more behind it", BIN_PREORDER, 8, 0, -EBADMSG, 0, NULL},
        {"a root behind the file", BIN_POSTORDER, 11, 60, 0, -EBADMSG, NULL},
        {"a root at the very end of the file", BIN_POSTORDER, 11, 52, 0, -EBADMSG, NULL},
        {"a root far behind the file", BIN_POSTORDER, 8, 0xaf, 0, -EBADMSG, NULL},
        {"a root in the header", BIN_POSTORDER, 11, 4, 0, -EBADMSG, NULL},
        {"a root in the header's last byte", BIN_PREORDER, 11, 11, 0, -EBADMSG, NULL},

        {"a child behind the file", BIN_PREORDER, 29, 52, 0, -EBADMSG, NULL},
        {"a child that is another node's end: nothing matches", BIN_PREORDER, 29, 51, 0, 0, ""},
        {"a child that is its parent", BIN_PREORDER, 29, 12, 0, -EBADMSG, NULL},
        {"a child before its parent", BIN_PREORDER, 29, 11, 0, -EBADMSG, NULL},
        {"a child in the header", BIN_PREORDER, 29, 0, 0, -EBADMSG, NULL},
        {"the other order: a child that is its parent", BIN_POSTORDER, 51, 34, 0, -EBADMSG, NULL},
        {"the other order: a child behind its parent", BIN_POSTORDER, 51, 36, 0, -EBADMSG, NULL},
        {"the other order: a child in the header", BIN_POSTORDER, 51, 11, 0, -EBADMSG, NULL},
        {"no child", BIN_PREORDER, 29, 40, 0, 0, "vfio_p:b* n 2;"},

        {"the first letter behind the last", BIN_PREORDER, 20, 'c', 0, -EBADMSG, NULL},
        {"a last letter beyond ASCII", BIN_PREORDER, 21, 0x80, 0, -EBADMSG, NULL},
        {"so many children as don't fit in", BIN_PREORDER, 21, 0x7f, 0, -EBADMSG, NULL},
        {"the other order: so many as don't fit in", BIN_POSTORDER, 43, 'c', 0, -EBADMSG, NULL},

        {"a control character in a prefix", BIN_PREORDER, 40, 7, 0, 0, ""},
        {"a blank in a prefix", BIN_PREORDER, 40, ' ', 0, 0, ""},
        {"a byte beyond ASCII in a prefix", BIN_PREORDER, 40, 0x80, 0, 0, ""},
        {"a prefix that runs into the letters", BIN_POSTORDER, 41, '*', 0, 0, ""},
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

START_TEST(trie_tells_damage) {
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
                assert_row(row->r == 0 || trie_has(&opened.trie, "vfio_p:b*") != -ENOENT, row);
        }
        close_opened(&opened, r);
}
END_TEST

/* trie_has() and trie_has_prefix() check what they walk through, too. */
static const struct {
        const char *why;
        enum bin_order order;
        uint32_t offset;
        uint8_t byte;
} damaged_key_rows[] = {
        {"a root behind the file", BIN_POSTORDER, 11, 60},
        {"a child that is its parent", BIN_PREORDER, 29, 12},
        {"a child behind the file", BIN_POSTORDER, 51, 200},
        {"the first letter behind the last", BIN_PREORDER, 20, 'c'},
        {"so many children as don't fit in", BIN_PREORDER, 21, 0x7f},
        {"a last letter beyond ASCII", BIN_POSTORDER, 43, 0xff},
};

START_TEST(trie_tells_damage_of_keys) {
        const __typeof__(*damaged_key_rows) *row = &damaged_key_rows[_i];
        uint8_t bytes[SMALL_SIZE];
        struct opened opened;

        memcpy(bytes, small_bytes[row->order], SMALL_SIZE);
        bytes[row->offset] = row->byte;
        ck_assert_int_eq(open_bytes(&opened, bytes, SMALL_SIZE), 0);
        assert_row(trie_has(&opened.trie, "vfio_p:b*") == -EBADMSG, row);
        assert_row(trie_has_prefix(&opened.trie, "vfio_p:b*") == -EBADMSG, row);
        close_opened(&opened, 0);
}
END_TEST

/* Cut before it is opened, at each length: an error, or all that is there. */
START_TEST(trie_of_cut_file) {
        for (int order = 0; order < 2; order++)
                for (int i = 0; i < N_ROWS(small_rows); i++) {
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

/* Cut, or taken away, while it is open: an error, where mmap(2) would give SIGBUS. */
START_TEST(trie_of_file_that_shrinks) {
        static struct bin bin;
        struct opened opened;
        struct found found = {};

        bin_write(&bin, &small, (enum bin_order)_i, 5000);
        ck_assert_int_eq(open_bytes(&opened, bin.bytes, bin.size), 0);
        ck_assert_int_eq(truncate(opened.folder.path, 0), -1);
        ck_assert_int_eq(ftruncate(openat(opened.folder.fd, "x.bin", O_WRONLY), 100), 0);
        ck_assert_int_eq(look_up(&opened.trie, "p:bx", &found), -EBADMSG);
        ck_assert_int_eq(trie_has(&opened.trie, "vfio_p:b*"), -EBADMSG);
        close_opened(&opened, 0);
}
END_TEST

/* --- node.h --- */

static const struct {
        const char *why;
        enum bin_order order;
        uint32_t reference, parent;
        int r;
} begin_rows[] = {
        {"behind its parent", BIN_PREORDER, 0xc0000028, 12, 0},
        {"its parent", BIN_PREORDER, 0xc000000c, 12, -EBADMSG},
        {"before its parent", BIN_PREORDER, 0xc0000014, 30, -EBADMSG},
        {"the last byte", BIN_PREORDER, 0xc0000033, 12, 0},
        {"at the end", BIN_PREORDER, 0xc0000034, 12, -EBADMSG},
        {"at the end, with nothing in it", BIN_PREORDER, 0x00000034, 12, -EBADMSG},
        {"in the header", BIN_PREORDER, 0x4000000b, 0, -EBADMSG},
        {"the other order: before its parent", BIN_POSTORDER, 0x4000000c, 34, 0},
        {"the other order: its parent", BIN_POSTORDER, 0x40000022, 34, -EBADMSG},
        {"the other order: behind its parent", BIN_POSTORDER, 0x40000023, 34, -EBADMSG},
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
} letter_range_rows[] = {
        {"one letter", 'a', 'a', 0},
        {"the last of ASCII", 'a', 0x7f, 0},
        {"all of ASCII", 0, 0x7f, 0},
        {"one beyond ASCII", 'a', 0x80, -EBADMSG},
        {"all that there is", 0, 0xff, -EBADMSG},
        {"the wrong way round", 'b', 'a', -EBADMSG},
};

/* In a file that has room for any table. */
START_TEST(node_has_letters) {
        const __typeof__(*letter_range_rows) *row = &letter_range_rows[_i];
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

/* --- odd letters --- */

/* No byte that damage made gets into an alias that is reported. */
static const struct {
        const char *why, *prefix;
        int r;
} letter_rows[] = {
        {"a control character in a set", "vfio_p:[\aa]", -EBADMSG},
        {"a blank in a set", "vfio_p:[ a]", -EBADMSG},
        {"a byte beyond ASCII in a set", "vfio_p:[\x80-\xff]", -EBADMSG},
        {"a control character behind a backslash", "vfio_p:\\\x07", 0},
        {"a byte beyond ASCII behind a star", "vfio_p:*\xff", 0},
        {"a set that never ends", "vfio_p:[a", 0},
        {"a backslash at the end", "vfio_p:a\\", 0},
};

START_TEST(trie_of_odd_letters) {
        const __typeof__(*letter_rows) *row = &letter_rows[_i];
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

/* --- what is no index --- */

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
        struct temp_folder folder = temp_folder_new();
        struct arena arena = {};
        struct trie trie = {};

        temp_file(&folder, "empty", "");
        temp_file(&folder, "text", "alias vfio_pci:v*d*sv*sd*bc*sc*i* vfio_pci\n");
        temp_file_bytes(&folder, "large", small_bytes[0], SMALL_SIZE);
        ck_assert_int_eq(ftruncate(openat(folder.fd, "large", O_WRONLY), 0x10000001), 0);
        ck_assert_int_eq(mkfifoat(folder.fd, "fifo", 0644), 0);
        ck_assert_msg(trie_open(folder.fd, row->name, &arena, &trie) == row->r, "row %d: %s", _i,
                      row->why);
        arena_done(&arena);
        fd_close(folder.fd);
}
END_TEST

START_TEST(trie_opens_no_folder) {
        struct temp_folder folder = temp_folder_new();
        struct arena arena = {};
        struct trie trie = {};

        /* Which error it is depends on the file system */
        ck_assert_int_lt(trie_open(folder.fd, ".", &arena, &trie), 0);
        arena_done(&arena);
        fd_close(folder.fd);
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
        ck_assert_int_eq(trie_has(&opened.trie, ""), 0);
        ck_assert_int_eq(trie_has_prefix(&opened.trie, "vfio_p:"), 0);
        close_opened(&opened, 0);
}
END_TEST

START_TEST(trie_without_memory) {
        struct opened opened;
        struct found found = {};
        static struct bin bin;
        int r;

        bin_write(&bin, &small, BIN_POSTORDER, 5000);
        ck_assert_int_eq(open_bytes(&opened, bin.bytes, bin.size), 0);
        opened.arena.left = 0;
        memory_is_short();
        r = look_up(&opened.trie, "p:bx", &found);
        memory_is_back();
        ck_assert_int_eq(r, -ENOMEM);
        close_opened(&opened, 0);
}
END_TEST

/* --- larger ones --- */

static const struct bin_node native = {.prefix = "ci:v*", .values = {{"native", 0}}};
static const struct bin_node catch_all = {.prefix = "d*",
                                          .values = {{"vfio_p", 5}, {"other", 9}, {"third", 9}}};
static const struct bin_node any_device = {.values = {{"one", 1}}};
static const struct bin_node set_end = {.prefix = "3-5]", .values = {{"set", 6}}};
static const struct bin_node escaped = {.prefix = "*", .values = {{"star", 7}}};
static const struct bin_node two = {.values = {{"two", 2}}, .prefix = NULL, .letters = NULL};
static const struct bin_node any_letter = {.values = {{"letter", 8}}};
static const struct bin_node vendor = {
        .prefix = "d",
        .letters = "*2?[\\",
        .children = {&any_device, &two, &any_letter, &set_end, &escaped},
        .values = {{"vendor", 3}},
};
static const struct bin_node vfio = {
        .prefix = "fio_p:v", .letters = "*12", .children = {&catch_all, &vendor, NULL}};
static const struct bin_node everything = {.values = {{"everything", 4}}};
static const struct bin_node large = {.letters = "*pv", .children = {&everything, &native, &vfio}};

static const struct {
        const char *why, *modalias, *found;
} large_rows[] = {
        {"a key, the star for it, the letter for it, and the catch-all", "p:v1d2",
         "* everything 4;vfio_p:v*d* other 9;vfio_p:v*d* third 9;vfio_p:v*d* vfio_p 5;"
         "vfio_p:v1d* one 1;vfio_p:v1d2 two 2;vfio_p:v1d? letter 8;"},
        {"a set", "p:v1d4",
         "* everything 4;vfio_p:v*d* other 9;vfio_p:v*d* third 9;vfio_p:v*d* vfio_p 5;"
         "vfio_p:v1d* one 1;vfio_p:v1d? letter 8;vfio_p:v1d[3-5] set 6;"},
        {"what a backslash stands before", "p:v1d*",
         "* everything 4;vfio_p:v*d* other 9;vfio_p:v*d* third 9;vfio_p:v*d* vfio_p 5;"
         "vfio_p:v1d* one 1;vfio_p:v1d? letter 8;vfio_p:v1d\\* star 7;"},
        {"an inner node's value", "p:v1d",
         "* everything 4;vfio_p:v*d* other 9;vfio_p:v*d* third 9;vfio_p:v*d* vfio_p 5;"
         "vfio_p:v1d vendor 3;vfio_p:v1d* one 1;"},
        {"no child under a letter between", "p:v2d",
         "* everything 4;vfio_p:v*d* other 9;"
         "vfio_p:v*d* third 9;vfio_p:v*d* vfio_p 5;"},
        {"only what matches everything", "q:v1d2", "* everything 4;"},
};

/* Whatever the places of the nodes, numbers and strings across blocks among them. */
START_TEST(trie_finds_in_large) {
        static struct bin bin;
        uint32_t pad = _i == 0 ? 0 : BLOCK_SIZE - 60 + (uint32_t)_i;

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
                ck_assert_int_eq(trie_has(&opened.trie, "vfio_p:v1d2"), 1);
                ck_assert_int_eq(trie_has(&opened.trie, "vfio_p:v2"), 0);
                ck_assert_int_eq(trie_has_prefix(&opened.trie, "pci:"), 1);
                close_opened(&opened, 0);
        }
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

static const struct {
        const char *why;
        size_t letters;
        int r;
} alias_rows[] = {
        {"the longest alias", ALIAS_SIZE - 1, 0},
        {"one letter more", ALIAS_SIZE, -EBADMSG},
        {"far more", (size_t)4 * BLOCK_SIZE, -EBADMSG},
};

START_TEST(trie_bounds_alias) {
        const __typeof__(*alias_rows) *row = &alias_rows[_i];
        static struct bin bin;
        static char prefix[5 * BLOCK_SIZE];
        const struct bin_node root = {.prefix = prefix, .values = {{"m", 1}}};
        struct opened opened;
        struct found found = {};

        memset(prefix, '*', row->letters);
        prefix[row->letters] = '\0';
        bin_write(&bin, &root, BIN_PREORDER, 0);
        ck_assert_int_eq(open_bytes(&opened, bin.bytes, bin.size), 0);
        assert_row(look_up(&opened.trie, "p:a", &found) == row->r, row);
        assert_row(found.n == (row->r == 0), row);
        close_opened(&opened, 0);
}
END_TEST

/* As above, by children one below the other: the depth is bounded by the length of the alias. */
START_TEST(trie_bounds_depth) {
        const __typeof__(*alias_rows) *row = &alias_rows[_i];
        static struct bin bin;
        struct opened opened;
        struct found found = {};

        bin_begin(&bin);
        bin_root(&bin, TRIE_HEADER_SIZE | NODE_HAS_CHILDREN);
        for (size_t i = 0; i < row->letters; i++) {
                bool last = i + 1 == row->letters;

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

static const struct {
        const char *why;
        size_t letters;
        int r;
} module_rows[] = {
        {"the longest name", NAME_SIZE - 1, 0},
        {"one letter more", NAME_SIZE, -EBADMSG},
        {"far more", (size_t)3 * BLOCK_SIZE, -EBADMSG},
};

START_TEST(trie_bounds_module) {
        const __typeof__(*module_rows) *row = &module_rows[_i];
        static struct bin bin;
        static char module[4 * BLOCK_SIZE];
        const struct bin_node root = {.prefix = "vfio_p:*", .values = {{module, 1}}};
        struct opened opened;
        struct found found = {};

        memset(module, 'm', row->letters);
        module[row->letters] = '\0';
        bin_write(&bin, &root, BIN_PREORDER, 0);
        ck_assert_int_eq(open_bytes(&opened, bin.bytes, bin.size), 0);
        assert_row(look_up(&opened.trie, "p:a", &found) == row->r, row);
        assert_row(found.n == (row->r == 0), row);
        close_opened(&opened, 0);
}
END_TEST

void add_trie(TCase *tcase) {
        tcase_add_loop_test(tcase, trie_writer_writes_those_bytes, 0, 2);
        tcase_add_loop_test(tcase, trie_finds_in_small, 0, N_ROWS(small_rows));
        tcase_add_loop_test(tcase, trie_has_keys, 0, N_ROWS(has_rows));
        tcase_add_loop_test(tcase, trie_tells_damage, 0, N_ROWS(damage_rows));
        tcase_add_loop_test(tcase, trie_tells_damage_of_keys, 0, N_ROWS(damaged_key_rows));
        tcase_add_loop_test(tcase, trie_of_cut_file, 0, SMALL_SIZE);
        tcase_add_loop_test(tcase, trie_of_file_that_shrinks, 0, 2);
        tcase_add_loop_test(tcase, trie_opens_indexes_only, 0, N_ROWS(open_rows));
        tcase_add_test(tcase, trie_opens_no_folder);
        tcase_add_test(tcase, trie_of_nothing);
        tcase_add_loop_test(tcase, node_begins, 0, N_ROWS(begin_rows));
        tcase_add_loop_test(tcase, node_has_letters, 0, N_ROWS(letter_range_rows));
        tcase_add_test(tcase, node_reads_string);
        tcase_add_loop_test(tcase, trie_of_odd_letters, 0, N_ROWS(letter_rows));
        tcase_add_test(tcase, trie_without_memory);
        tcase_add_loop_test(tcase, trie_finds_in_large, 0, 70);
        tcase_add_loop_test(tcase, trie_walk_is_ended, 0, 2);
        tcase_add_loop_test(tcase, trie_bounds_alias, 0, N_ROWS(alias_rows));
        tcase_add_loop_test(tcase, trie_bounds_depth, 0, N_ROWS(alias_rows));
        tcase_add_test(tcase, trie_visits_no_more_than_there_is);
        tcase_add_loop_test(tcase, trie_bounds_module, 0, N_ROWS(module_rows));
}
