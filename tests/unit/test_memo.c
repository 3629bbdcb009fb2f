/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/answer: the memo, and the facts of modules. */
#include <stdio.h>
#include <string.h>

#include "facts.h"
#include "memo.h"
#include "test_answer.h"

/* More than the memo holds at a time. */
#define MANY (20u * MEMO_SETS * MEMO_WAYS)

struct numbered {
        char modalias[32];
        struct answer answer; /* the driver tells the number */
};

static void number(unsigned n, struct numbered *ret) {
        memset(ret, 0, sizeof(*ret));
        (void)snprintf(ret->modalias, sizeof(ret->modalias), "pci:v%08X", n);
        (void)snprintf(ret->answer.driver, sizeof(ret->answer.driver), "driver%u", n);
        (void)snprintf(ret->answer.alias, sizeof(ret->answer.alias), "vfio_pci:v%08X*", n);
        strcpy(ret->answer.module, "module");
        strcpy(ret->answer.fallback, "vfio-pci");
}

static bool find(const struct memo *memo, const char *modalias, struct answer *ret) {
        const struct memo_key key = memo_key(modalias);

        return memo_find(memo, &key, ret);
}

static void add(struct memo *memo, const struct numbered *numbered) {
        const struct memo_key key = memo_key(numbered->modalias);

        memo_add(memo, &key, &numbered->answer);
}

static void assert_same(const struct answer *a, const struct answer *b) {
        ck_assert_str_eq(a->driver, b->driver);
        ck_assert_str_eq(a->module, b->module);
        ck_assert_str_eq(a->alias, b->alias);
        ck_assert_str_eq(a->fallback, b->fallback);
        ck_assert_int_eq(a->pin, b->pin);
}

START_TEST(memo_finds) {
        struct memo memo = {};
        struct numbered one;
        struct answer got = {.pin = PIN_REFUSED};

        number(1, &one);
        ck_assert(!find(&memo, one.modalias, &got));
        ck_assert_int_eq(got.pin, PIN_REFUSED); /* left alone */
        add(&memo, &one);
        ck_assert(find(&memo, one.modalias, &got));
        assert_same(&got, &one.answer);
        ck_assert(!find(&memo, "pci:v00000002", &got));
        ck_assert(!find(&memo, "pci:v0000000", &got));
        ck_assert(!find(&memo, "pci:v000000010", &got));
        ck_assert(!find(&memo, "", &got));
        memo_done(&memo);
        ck_assert(!find(&memo, one.modalias, &got));
        memo_done(&memo);
}
END_TEST

/* That there is no driver is an answer, too. */
START_TEST(memo_of_no_answer) {
        static const struct numbered none = {.modalias = "pci:none"};
        struct memo memo = {};
        struct answer got = {.driver = "x", .alias = "x"};

        add(&memo, &none);
        ck_assert(find(&memo, none.modalias, &got));
        assert_same(&got, &none.answer);
        memo_done(&memo);
}
END_TEST

/* Each modalias is answered with its own, though places are few and the oldest are forgotten. */
START_TEST(memo_never_mistakes) {
        struct memo memo = {};
        struct numbered one;
        struct answer got;
        unsigned n_found = 0;

        for (unsigned i = 0; i < MANY; i++) {
                number(i, &one);
                ck_assert(!find(&memo, one.modalias, &got));
                add(&memo, &one);
                ck_assert(find(&memo, one.modalias, &got));
                assert_same(&got, &one.answer);
        }
        for (unsigned i = 0; i < MANY; i++) {
                number(i, &one);
                if (!find(&memo, one.modalias, &got))
                        continue;
                assert_same(&got, &one.answer);
                n_found++;
        }
        ck_assert_uint_gt(n_found, MEMO_SETS * MEMO_WAYS / 2);
        ck_assert_uint_le(n_found, (size_t)MEMO_SETS * MEMO_WAYS);
        memo_done(&memo);
}
END_TEST

/* The same hash, and another modalias: what an unlucky host could have. */
START_TEST(memo_tells_equal_hashes_apart) {
        struct memo memo = {};
        struct numbered one;
        struct answer got;
        struct memo_key key, other;

        number(1, &one);
        add(&memo, &one);
        key = memo_key(one.modalias);
        other = key;
        other.modalias = "pci:v00000011";
        ck_assert(!memo_find(&memo, &other, &got));
        other = key;
        other.length--;
        ck_assert(!memo_find(&memo, &other, &got));
        other = key;
        other.hash ^= UINT64_C(1) << 63;
        ck_assert(!memo_find(&memo, &other, &got));
        ck_assert(memo_find(&memo, &key, &got));
        memo_done(&memo);
}
END_TEST

/* What is forgotten at once, and what one more entry needs: one chunk of an arena has it. */
#define MEMO_BYTES_MAX ((size_t)(48 + 4) * 1024)

START_TEST(memo_begins_anew) {
        struct memo memo = {};
        struct numbered one;
        struct answer got;
        bool fell = false;

        for (unsigned i = 0; i < 5000; i++) {
                size_t before = memo.arena.taken;

                number(i, &one);
                add(&memo, &one);
                ck_assert(find(&memo, one.modalias, &got));
                ck_assert_uint_le(memo.arena.taken, MEMO_BYTES_MAX);
                fell = fell || memo.arena.taken < before;
        }
        ck_assert(fell);
        memo_done(&memo);
}
END_TEST

START_TEST(memo_without_memory) {
        struct memo memo = {};
        struct numbered one;
        struct answer got;

        number(1, &one);
        memory_is_short();
        add(&memo, &one);
        memory_is_back();
        ck_assert(!find(&memo, one.modalias, &got));
        add(&memo, &one);
        ck_assert(find(&memo, one.modalias, &got));
        memo_done(&memo);
}
END_TEST

/* A source answers alike the first time, when it was asked before, and past a pin. */
START_TEST(source_remembers) {
        static const char *const none[] = {"/nonexistent", NULL};
        struct answer_source *source;
        struct answer first, again;

        ck_assert_int_eq(answer_source_open(tree(), none, &source), 0);
        for (int round = 0; round < 4; round++) {
                struct answer *ret = round == 0 ? &first : &again;

                ck_assert_int_eq(answer_find(source, MLX5, NULL, ret), 1);
                ck_assert_str_eq(ret->driver, "mlx5_vfio_pci");
                assert_same(ret, &first);
                ck_assert_int_eq(answer_find(source, MLX5, "vfio-pci", &again), 1);
                ck_assert_str_eq(again.driver, "vfio-pci");
                ck_assert_int_eq(answer_find(source, "foo:bar", NULL, &again), 0);
                ck_assert_str_eq(again.driver, "");
        }
        answer_source_close(source);
}
END_TEST

/* What is found out of a module is kept, and one book has one page for it. */
START_TEST(facts_are_kept) {
        static const char *const none[] = {"/nonexistent", NULL};
        struct arena arena = {};
        struct facts_book book = {.arena = &arena};
        const struct facts *facts, *again;
        struct modalias key;

        ck_assert_int_eq(modalias_parse(MLX5, &key), 0);
        ck_assert_int_eq(index_open(tree(), &arena, &book.index), 0);
        ck_assert_int_eq(policy_open(NULL, none, &arena, &book.policy), 0);
        ck_assert_int_eq(facts_find(&book, &key, "vfio_pci", false, &facts), 0);
        ck_assert_str_eq(facts->driver, "vfio-pci");
        ck_assert_int_eq(facts->presence, MODULE_LOADABLE);
        ck_assert(!facts->blacklisted);
        ck_assert_int_eq(facts_find(&book, &key, "vfio_pci", false, &again), 0);
        ck_assert_ptr_eq(facts, again);
        ck_assert_int_eq(facts_find(&book, &key, "no_such", false, &again), 0);
        ck_assert_int_eq(again->presence, MODULE_ABSENT);
        ck_assert_str_eq(again->driver, "no_such");
        policy_close(book.policy);
        index_close(book.index);
        arena_done(&arena);
}
END_TEST

void add_memo(TCase *tcase) {
        tcase_add_test(tcase, memo_finds);
        tcase_add_test(tcase, memo_of_no_answer);
        tcase_add_test(tcase, memo_never_mistakes);
        tcase_add_test(tcase, memo_tells_equal_hashes_apart);
        tcase_add_test(tcase, memo_begins_anew);
        tcase_add_test(tcase, memo_without_memory);
        tcase_add_test(tcase, source_remembers);
        tcase_add_test(tcase, facts_are_kept);
}
