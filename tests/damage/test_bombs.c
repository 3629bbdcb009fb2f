/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Index files that no depmod would write: each is small, and would take for ever, more memory than
 * there is, or a place beyond the file, if the reader believed it. Check gives each test a process
 * of its own and a deadline.
 */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "bin_builder.h"
#include "cleanup.h"
#include "index.h"

/* A bomb that works takes minutes of CPU time; a lookup takes microseconds. */
#define CPU_SECONDS 10
/* Of a lookup that blocks. */
#define WALL_SECONDS 300

#define ALIASES "modules.alias.bin"

/* A node with two children, `*` and the next character in ASCII, and its size. */
#define FORK_FIRST '*'
#define FORK_LAST  '+'
#define FORK_SIZE  (2 + 2 * sizeof(uint32_t))

static struct bin bin;

static void teardown(void) {
        bin_done(&bin);
}

/* Looks up a device. Returns the error, or how many matches there were. */
static int ask(const char *text) {
        struct arena arena = {};
        struct index *index;
        struct modalias key;
        struct matches matches;
        int r;

        ck_assert_int_eq(modalias_parse(text, &key), 0);
        ck_assert_int_eq(index_open(scratch_path(), &arena, &index), 0);
        r = index_lookup(index, &key, &arena, &matches);
        if (r == 0)
                r = (int)matches.n;
        index_close(index);
        arena_done(&arena);
        return r;
}

/* The same in the file that was made. */
static int look_up(const char *text) {
        scratch_write(ALIASES, bin.bytes, bin.size);
        return ask(text);
}

/* Is there MODULE in the file that was made, as modules.dep.bin? Returns 1, 0 or the error. */
static int has_module(const char *module) {
        struct arena arena = {};
        struct index *index;
        enum index_presence presence = MODULE_ABSENT;
        int r;

        scratch_write("modules.dep.bin", bin.bytes, bin.size);
        ck_assert_int_eq(index_open(scratch_path(), &arena, &index), 0);
        r = index_find_module(index, module, false, &presence);
        index_close(index);
        arena_done(&arena);
        return r < 0 ? r : presence == MODULE_LOADABLE;
}

/* A device with many `+`: "*" can end before each of them. */
static const char *plus_device(void) {
        static char text[401];

        (void)snprintf(text, sizeof(text), "pci:%0*d", (int)sizeof(text) - 5, 0);
        for (char *character = text; *character; character++)
                if (*character == '0')
                        *character = '+';
        return text;
}

static void add_fork(uint32_t star, uint32_t plus) {
        bin_add_u8(&bin, FORK_FIRST);
        bin_add_u8(&bin, FORK_LAST);
        bin_add_u32(&bin, star);
        bin_add_u32(&bin, plus);
}

/* The offset of node I of N that have SIZE bytes each, where 0 is the root. */
static uint32_t node_offset(uint32_t i, uint32_t n, uint32_t size, bool preorder) {
        return HEADER_SIZE + (preorder ? i : n - 1 - i) * size;
}

/* Both children of each node are one and the same: so many ways that no bit can count them. */
static void make_shared_children(bool preorder) {
        const uint32_t n = 300, size = FORK_SIZE;

        bin_begin(&bin, HAS_CHILDREN | node_offset(0, n, size, preorder));
        for (uint32_t place = 0; place < n; place++) {
                uint32_t i = preorder ? place : n - 1 - place;
                uint32_t next = HAS_CHILDREN | node_offset(i + 1, n, size, preorder);

                if (i + 1 == n)
                        add_fork(0, 0);
                else
                        add_fork(next, next);
        }
}

START_TEST(test_shared_children) {
        make_shared_children(_i);
        ck_assert_int_eq(look_up(plus_device()), -EBADMSG);
}
END_TEST

/*
 * A chain of `*`, where each node has one more child: all the same one, which names many modules.
 * The nodes are few, but the matches are nodes times modules.
 */
START_TEST(test_shared_values) {
        const uint32_t n_nodes = 500, n_values = 1000;
        uint32_t values = HAS_VALUES | node_offset(n_nodes, 0, FORK_SIZE, true);

        bin_begin(&bin, HAS_CHILDREN | HEADER_SIZE);
        for (uint32_t i = 0; i < n_nodes; i++)
                add_fork(i + 1 < n_nodes ? HAS_CHILDREN | node_offset(i + 1, 0, FORK_SIZE, true)
                                         : 0,
                         values);
        bin_add_u32(&bin, n_values);
        for (uint32_t i = 0; i < n_values; i++)
                bin_add_value(&bin, "m");
        ck_assert_int_eq(look_up(plus_device()), -EBADMSG);
}
END_TEST

/* The same, but honest: many modules for one alias. That is no damage. */
START_TEST(test_many_values) {
        const uint32_t n_values = 10000;

        bin_begin(&bin, HAS_PREFIX | HAS_VALUES | HEADER_SIZE);
        bin_add_text(&bin, "vfio_pci:*");
        bin_add_u32(&bin, n_values);
        for (uint32_t i = n_values; i > 0; i--) { /* in the order that is worst to sort */
                bin_add_u32(&bin, i);
                bin_add_text(&bin, "m");
        }
        ck_assert_int_eq(look_up("pci:v0"), (int)n_values);
}
END_TEST

/* N nodes, one `*` each; the last one has a value. */
static void make_chain(uint32_t n, bool preorder) {
        const uint32_t size = 2 + sizeof(uint32_t);
        const uint32_t value_size = sizeof(uint32_t) * 2 + sizeof("m");
        uint32_t shift = preorder ? 0 : value_size;

        bin_begin(&bin, HAS_CHILDREN | (node_offset(0, n, size, preorder) + shift));
        if (!preorder) {
                bin_add_u32(&bin, 1);
                bin_add_value(&bin, "m");
        }
        for (uint32_t place = 0; place < n; place++) {
                uint32_t i = preorder ? place : n - 1 - place;
                uint32_t end = preorder ? HEADER_SIZE + n * size : HEADER_SIZE;

                bin_add_u8(&bin, '*');
                bin_add_u8(&bin, '*');
                bin_add_u32(&bin,
                            i + 1 == n ? HAS_VALUES | end
                                       : HAS_CHILDREN |
                                                 (node_offset(i + 1, n, size, preorder) + shift));
        }
        if (preorder) {
                bin_add_u32(&bin, 1);
                bin_add_value(&bin, "m");
        }
}

/* As deep as the longest alias, and deeper. */
START_TEST(test_deep_chain) {
        make_chain(1000, _i);
        ck_assert_int_eq(look_up("pci:v0"), 1);
        bin_done(&bin);
        make_chain(1024, _i);
        ck_assert_int_eq(look_up("pci:v0"), -EBADMSG);
        bin_done(&bin);
        make_chain(100000, _i);
        ck_assert_int_eq(look_up("pci:v0"), -EBADMSG);
}
END_TEST

/* A prefix that goes on to the end of the file. */
START_TEST(test_endless_prefix) {
        bin_begin(&bin, HAS_PREFIX | HAS_VALUES | HEADER_SIZE);
        for (int i = 0; i < 100000; i++)
                bin_add_u8(&bin, '*');
        ck_assert_int_eq(look_up("pci:v0"), -EBADMSG);
        ck_assert_int_eq(has_module("vfio_pci"),
                         0); /* it begins with another character: not in it */
}
END_TEST

/* The same, of the very characters that are looked for. */
START_TEST(test_cut_prefix) {
        bin_begin(&bin, HAS_PREFIX | HAS_VALUES | HEADER_SIZE);
        for (const char *character = "vfio_pci"; *character; character++)
                bin_add_u8(&bin, (uint8_t)*character);
        ck_assert_int_eq(look_up("pci:v0"), -EBADMSG);
        ck_assert_int_eq(has_module("vfio_pci"), -EBADMSG);
}
END_TEST

/* A root, and a child of it, that lie where nothing can lie. */
static const uint32_t nowhere[] = {0, 1, 11, 0x0fffffff, 0x0ffffffe, 4096, 200, 32, 33};

START_TEST(test_offset_of_root) {
        bin_begin(&bin, HAS_PREFIX | HAS_VALUES | HAS_CHILDREN | nowhere[_i]);
        for (int i = 0; i < 5; i++)
                bin_add_u32(&bin, 0);
        ck_assert_uint_eq(bin.size, 32);
        ck_assert_int_eq(look_up("pci:v0"), -EBADMSG);
        ck_assert_int_eq(has_module("vfio_pci"), -EBADMSG);
}
END_TEST

START_TEST(test_offset_of_child) {
        for (uint32_t parts = 1; parts < 8; parts++) {
                bin_begin(&bin, HAS_CHILDREN | HEADER_SIZE);
                bin_add_u8(&bin, 'v');
                bin_add_u8(&bin, 'v');
                bin_add_u32(&bin, parts << 29 | nowhere[_i]);
                ck_assert_int_eq(look_up("pci:v0"), -EBADMSG);
                ck_assert_int_eq(has_module("vfio_pci"), -EBADMSG);
                bin_done(&bin);
        }
}
END_TEST

/* A node that is its own child, or its parent's parent. */
START_TEST(test_circle) {
        uint32_t to = _i % 2 ? HEADER_SIZE : HEADER_SIZE + FORK_SIZE;
        uint32_t root = _i < 2 ? HEADER_SIZE : HEADER_SIZE + FORK_SIZE;

        bin_begin(&bin, HAS_CHILDREN | root);
        add_fork(HAS_CHILDREN | to, 0);
        add_fork(HAS_CHILDREN | HEADER_SIZE, HAS_CHILDREN | root);
        ck_assert_int_eq(look_up(plus_device()), -EBADMSG);
}
END_TEST

/* The number of modules of an alias: none, one more than there are, and more than a file can have.
 */
static const uint32_t counts[] = {0, 2, 3, 0x10000, 0x7fffffff, 0xfffffffe, 0xffffffff};

START_TEST(test_count) {
        bin_begin(&bin, HAS_PREFIX | HAS_VALUES | HEADER_SIZE);
        bin_add_text(&bin, "vfio_pci:*");
        bin_add_u32(&bin, counts[_i]);
        bin_add_value(&bin, "m");
        ck_assert_int_eq(look_up("pci:v0"), -EBADMSG);
}
END_TEST

/* Names that no module can have. */
static const char *const names[] = {"",
                                    ".",
                                    "..",
                                    "a/b",
                                    "a b",
                                    "a\nb",
                                    "a=b",
                                    "\xff",
                                    "$a",
                                    "\"",
                                    "a2345678901234567890123456789012345678901234567890123456"};

START_TEST(test_name) {
        bin_begin(&bin, HAS_PREFIX | HAS_VALUES | HEADER_SIZE);
        bin_add_text(&bin, "vfio_pci:*");
        bin_add_u32(&bin, 1);
        bin_add_value(&bin, names[_i]);
        ck_assert_int_eq(look_up("pci:v0"), -EBADMSG);
}
END_TEST

/* First and last character: the wrong way round, and beyond ASCII. */
static const uint8_t characters[][2] = {
        {'w', 'v'}, {0xff, 0}, {0, 0xff}, {'v', 0x80}, {0x80, 0xff}};

START_TEST(test_characters) {
        bin_begin(&bin, HAS_CHILDREN | HEADER_SIZE);
        bin_add_u8(&bin, characters[_i][0]);
        bin_add_u8(&bin, characters[_i][1]);
        for (int i = 0; i < 256; i++)
                bin_add_u32(&bin, 0);
        ck_assert_int_eq(look_up("pci:v0"), -EBADMSG);
        ck_assert_int_eq(has_module("vfio_pci"), -EBADMSG);
}
END_TEST

/* A table of children that goes beyond the file. */
START_TEST(test_cut_children) {
        bin_begin(&bin, HAS_CHILDREN | HEADER_SIZE);
        bin_add_u8(&bin, 0);
        bin_add_u8(&bin, 0x7f);
        for (int i = 0; i < 127; i++)
                bin_add_u32(&bin, 0);
        ck_assert_int_eq(look_up("pci:v0"), -EBADMSG);
        ck_assert_int_eq(has_module("vfio_pci"), -EBADMSG);
}
END_TEST

/* A reference has 28 bits: the last node that one can name, in a file that is no longer. */
START_TEST(test_longest_file) {
        const off_t end = (off_t)1 << 28;
        const uint32_t node_size = sizeof("*") + 2 * sizeof(uint32_t) + sizeof("m");
        const uint32_t root = HAS_PREFIX | HAS_VALUES | ((uint32_t)end - node_size);
        _cleanup_close_ int fd = -1;

        bin_begin(&bin, root);
        scratch_write(ALIASES, bin.bytes, bin.size);
        bin.size = 0;
        bin_add_text(&bin, "*");
        bin_add_u32(&bin, 1);
        bin_add_value(&bin, "m");
        ck_assert_uint_eq(bin.size, node_size);
        fd = scratch_open(ALIASES, O_WRONLY);
        ck_assert_int_eq(pwrite(fd, bin.bytes, bin.size, end - node_size), node_size);
        ck_assert_int_eq(ask("pci:v0"), 1);
        ck_assert_int_eq(ftruncate(fd, end + 1), 0);
        ck_assert_int_eq(ask("pci:v0"), -EBADMSG);
        ck_assert_int_eq(ftruncate(fd, end - 1), 0);
        ck_assert_int_eq(ask("pci:v0"), -EBADMSG);
}
END_TEST

#define add_loop(test, table)                                                                      \
        tcase_add_loop_test(bombs, test, 0, (int)(sizeof(table) / sizeof((table)[0])))

int main(void) {
        Suite *suite = suite_create("bombs");
        SRunner *runner = srunner_create(suite);
        TCase *bombs = tcase_create("bombs");
        const struct rlimit cpu = {.rlim_cur = CPU_SECONDS, .rlim_max = CPU_SECONDS};
        int n_failed;

        tcase_set_timeout(bombs, WALL_SECONDS);
        if (setrlimit(RLIMIT_CPU, &cpu) < 0)
                return 1;
        tcase_add_unchecked_fixture(bombs, scratch_make, scratch_remove);
        tcase_add_checked_fixture(bombs, NULL, teardown);
        tcase_add_loop_test(bombs, test_shared_children, 0, 2);
        tcase_add_test(bombs, test_shared_values);
        tcase_add_test(bombs, test_many_values);
        tcase_add_loop_test(bombs, test_deep_chain, 0, 2);
        tcase_add_test(bombs, test_endless_prefix);
        tcase_add_test(bombs, test_cut_prefix);
        add_loop(test_offset_of_root, nowhere);
        add_loop(test_offset_of_child, nowhere);
        tcase_add_loop_test(bombs, test_circle, 0, 4);
        add_loop(test_count, counts);
        add_loop(test_name, names);
        add_loop(test_characters, characters);
        tcase_add_test(bombs, test_cut_children);
        tcase_add_test(bombs, test_longest_file);
        suite_add_tcase(suite, bombs);
        srunner_run_all(runner, CK_NORMAL);
        n_failed = srunner_ntests_failed(runner);
        srunner_free(runner);
        return n_failed > 0;
}
