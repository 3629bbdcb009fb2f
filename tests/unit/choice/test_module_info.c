/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/choice: the facts of modules. */
#include "module_info.h"

#include "test_choice.h"

/* What is found out of a module is kept, and one book has one page for it. */
START_TEST(facts_are_kept) {
        static const char *const none[] = {"/nonexistent", NULL};
        struct arena arena = {};
        struct module_info_cache cache = {.arena = &arena};
        const struct module_info *info, *again;
        struct modalias key;

        ck_assert_int_eq(modalias_parse(MLX5, &key), 0);
        ck_assert_int_eq(index_open(tree(), &arena, &cache.index), 0);
        ck_assert_int_eq(policy_open(NULL, none, &arena, &cache.policy), 0);
        ck_assert_int_eq(module_info_find(&cache, &key, "vfio_pci", false, &info), 0);
        ck_assert_str_eq(info->driver, "vfio-pci");
        ck_assert_int_eq(info->presence, MODULE_LOADABLE);
        ck_assert(!info->blacklisted);
        ck_assert_int_eq(module_info_find(&cache, &key, "vfio_pci", false, &again), 0);
        ck_assert_ptr_eq(info, again);
        ck_assert_int_eq(module_info_find(&cache, &key, "no_such", false, &again), 0);
        ck_assert_int_eq(again->presence, MODULE_ABSENT);
        ck_assert_str_eq(again->driver, "no_such");
        policy_close(cache.policy);
        index_close(cache.index);
        arena_done(&arena);
}
END_TEST

void add_facts(TCase *tcase) {
        tcase_add_test(tcase, facts_are_kept);
}
