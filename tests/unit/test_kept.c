/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/index: the aliases that are kept for look-up after look-up. */
#include "test_index.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "alias.h"
#include "fd.h"
#include "index.h"
#include "kept.h"

/* Aliases of bus p, and one of all buses, with other modules each. */
static const char *const aliases[] = {
        "vfio_p:v*",
        "vfio_p:v0000AAAAd*",
        "vfio_p:v0000AAAAd0000BBBB*",
        "vfio_p:v0000AAA?d*",
        "vfio_p:[vw]*d",
        "vfio_p:w",
        "*",
        "vfio_p:v0000AABAd*",
};

static const char *const devices[] = {
        "p:v0000AAAAd0000BBBB",
        "p:v0000AAAAd0000CCCC",
        "p:v0000AABAd0000BBBB",
        "p:w",
        "p:v",
        "p:",
        "p:x",
        "p:v0000AAA",
};

static void add(struct kept *kept, const char *alias, unsigned number) {
        const struct candidate like = {.priority = number, .origin = CANDIDATE_INDEX};
        char module[16];

        (void)snprintf(module, sizeof(module), "m%u", number);
        ck_assert_int_eq(kept_add(kept, alias, module, &like), 0);
}

static void begin(struct kept *kept) {
        struct modalias key = parsed("p:x");

        memset(kept, 0, sizeof(*kept));
        modalias_begin(&key, &kept->key);
}

/* Each that matches, no other, the best first. */
START_TEST(kept_finds_in_order) {
        struct modalias key = parsed(devices[_i]);
        struct arena arena = {};
        struct matches found = {}, wanted = {};
        struct kept kept;

        begin(&kept);
        for (unsigned i = 0; i < N_ROWS(aliases); i++) {
                const struct candidate like = {.priority = i, .origin = CANDIDATE_INDEX};

                add(&kept, aliases[i], i);
                if (alias_match(aliases[i], &key))
                        ck_assert_int_eq(matches_add(&wanted, &arena, aliases[i], "m", &like), 0);
        }
        ck_assert_int_eq(kept_end(&kept), 0);
        ck_assert_int_eq(kept_lookup(&kept, &key, &arena, &found), 0);
        matches_sort(&wanted, key.generic);
        ck_assert_uint_ge(wanted.n, 1);
        ck_assert_uint_eq(found.n, wanted.n);
        for (size_t i = 0; i < found.n; i++)
                ck_assert_str_eq(found.list[i].alias, wanted.list[i].alias);
        kept_done(&kept);
        arena_done(&arena);
}
END_TEST

START_TEST(kept_is_bounded) {
        const struct candidate like = {.origin = CANDIDATE_INDEX};
        struct kept kept;

        begin(&kept);
        for (unsigned i = 0; i < KEPT_MAX; i++)
                add(&kept, "vfio_p:v*", i);
        ck_assert_int_eq(kept_add(&kept, "vfio_p:v*", "m", &like), -E2BIG);
        ck_assert_uint_eq(kept.all.n, KEPT_MAX);
        kept_done(&kept);
        ck_assert_uint_eq(kept.all.n, 0);
}
END_TEST

START_TEST(kept_without_memory) {
        const struct candidate like = {.origin = CANDIDATE_INDEX};
        struct modalias key = parsed("p:v");
        struct matches found = {};
        struct arena arena = {};
        struct kept kept;
        int r_add, r_end, r_lookup;

        begin(&kept);
        memory_is_short();
        r_add = kept_add(&kept, "vfio_p:v*", "m", &like);
        r_end = kept_end(&kept);
        memory_is_back();
        ck_assert(r_add == -ENOMEM && r_end == -ENOMEM);
        add(&kept, "vfio_p:v*", 1);
        ck_assert_int_eq(kept_end(&kept), 0);
        memory_is_short();
        r_lookup = kept_lookup(&kept, &key, &arena, &found);
        memory_is_back();
        ck_assert_int_eq(r_lookup, -ENOMEM);
        kept_done(&kept);
        arena_done(&arena);
}
END_TEST

/* --- through the index --- */

/* A text index of bus BUS with N aliases besides the catch-all. */
static struct temp_folder tree_of(const char *bus, unsigned n) {
        struct temp_folder folder = temp_folder_new();
        size_t size = ((size_t)n + 2) * 80;
        char *text = malloc(size), *end = text;

        for (unsigned i = 0; i < n; i++)
                end += snprintf(end, size - (size_t)(end - text), "alias vfio_%s:v%08Xd* m%u\n",
                                bus, i, i);
        (void)snprintf(end, size - (size_t)(end - text), "alias vfio_%s:v* vfio_%s\n", bus, bus);
        temp_file(&folder, "modules.alias", text);
        free(text);
        return folder;
}

static const unsigned sizes[] = {0, 1, KEPT_MAX - 2, KEPT_MAX - 1, KEPT_MAX, KEPT_MAX + 1, 1000};

/* The first look-up walks, those behind it ask what is kept, if that is not too much: all alike. */
START_TEST(index_answers_alike_again) {
        struct temp_folder folder = tree_of("p", sizes[_i]);
        struct modalias key = parsed("p:v00000000d1");
        struct arena arena = {}, found = {};
        struct index *index;
        struct matches matches;

        ck_assert_int_eq(index_open(folder.path, &arena, &index), 0);
        for (int round = 0; round < 4; round++) {
                ck_assert_int_eq(index_lookup(index, &key, &found, &matches), 0);
                ck_assert_uint_eq(matches.n, sizes[_i] ? 2 : 1);
                ck_assert_str_eq(matches.list[0].module, sizes[_i] ? "m0" : "vfio_p");
                ck_assert_str_eq(matches.list[matches.n - 1].alias, "vfio_p:v*");
        }
        index_close(index);
        arena_done(&found);
        arena_done(&arena);
        fd_close(folder.fd);
}
END_TEST

/* More buses than are kept are only slower. */
START_TEST(index_knows_many_buses) {
        struct temp_folder folder = tree_of("p", 3);
        struct arena arena = {}, found = {};
        struct index *index;
        struct matches matches;

        ck_assert_int_eq(index_open(folder.path, &arena, &index), 0);
        for (unsigned i = 0; i < 40; i++) {
                char text[32];
                struct modalias key;

                (void)snprintf(text, sizeof(text), "q%u:v00000000d1", i % 20);
                key = parsed(text);
                ck_assert_int_eq(index_lookup(index, &key, &found, &matches), 0);
                ck_assert_uint_eq(matches.n, 0);
                key = parsed("p:v00000001d1");
                ck_assert_int_eq(index_lookup(index, &key, &found, &matches), 0);
                ck_assert_uint_eq(matches.n, 2);
        }
        index_close(index);
        arena_done(&found);
        arena_done(&arena);
        fd_close(folder.fd);
}
END_TEST

/* An index where the files are damaged is damaged each time. */
START_TEST(index_keeps_nothing_of_damage) {
        struct temp_folder folder = tree_of("p", 3);
        struct modalias key = parsed("p:v00000001d1");
        struct arena arena = {}, found = {};
        struct index *index;
        struct matches matches;

        temp_file(&folder, "modules.builtin.alias.bin", "no index");
        ck_assert_int_eq(index_open(folder.path, &arena, &index), 0);
        for (int round = 0; round < 3; round++) {
                ck_assert_int_eq(index_lookup(index, &key, &found, &matches), -EBADMSG);
                ck_assert_uint_eq(matches.n, 0);
        }
        index_close(index);
        arena_done(&found);
        arena_done(&arena);
        fd_close(folder.fd);
}
END_TEST

void add_kept(TCase *tcase) {
        tcase_add_loop_test(tcase, kept_finds_in_order, 0, N_ROWS(devices));
        tcase_add_test(tcase, kept_is_bounded);
        tcase_add_test(tcase, kept_without_memory);
        tcase_add_loop_test(tcase, index_answers_alike_again, 0, N_ROWS(sizes));
        tcase_add_test(tcase, index_knows_many_buses);
        tcase_add_test(tcase, index_keeps_nothing_of_damage);
}
