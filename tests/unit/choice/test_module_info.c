/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/choice: the facts of modules. */
#include "module_info.h"

#include "test_choice.h"

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

void add_facts(TCase *tcase) {
        tcase_add_test(tcase, facts_are_kept);
}
