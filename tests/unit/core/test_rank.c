/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/core: the order of candidates. */
#include <string.h>

#include "rank.h"
#include "unit.h"

/* Each ranks above the next by one rule, although all later rules favour that. */
static const struct {
        const char *why;
        struct candidate candidate;
} rank_rows[] = {
        {"the pin, regardless of the rank",
         {"x", "zz", 9, 9, 0, VFIO_VARIANT_CANDIDATE_PIN, false}},
        {"the administrator", {"x", "zz", 9, 9, 0, VFIO_VARIANT_CANDIDATE_ADMIN, false}},
        {"fewest wildcards, regardless of later rules",
         {"x", "zz", 9, 1, 0, VFIO_VARIANT_CANDIDATE_INDEX, false}},
        {"most literal characters", {"x", "zz", 9, 2, 9, VFIO_VARIANT_CANDIDATE_INDEX, false}},
        {"fewer literal characters", {"x", "zz", 9, 2, 8, VFIO_VARIANT_CANDIDATE_INDEX, false}},
        {"the generic module", {"x", "vfio_pci", 9, 3, 5, VFIO_VARIANT_CANDIDATE_INDEX, false}},
        {"the lower priority", {"x", "zz", 1, 3, 5, VFIO_VARIANT_CANDIDATE_INDEX, true}},
        {"a higher priority, an earlier name",
         {"x", "aa", 2, 3, 5, VFIO_VARIANT_CANDIDATE_INDEX, false}},
        {"a later name", {"x", "ab", 2, 3, 5, VFIO_VARIANT_CANDIDATE_INDEX, false}},
        {"a still later one, by byte: '_' sorts after upper case",
         {"x", "a_", 0x80000000, 3, 5, VFIO_VARIANT_CANDIDATE_INDEX, false}},
        {"one module in several ways: built in, regardless of the alias",
         {"z", "b", 0x80000001, 3, 5, VFIO_VARIANT_CANDIDATE_INDEX, true}},
        {"to be loaded, the first alias",
         {"a", "b", 0x80000001, 3, 5, VFIO_VARIANT_CANDIDATE_INDEX, false}},
        {"the second alias", {"b", "b", 0x80000001, 3, 5, VFIO_VARIANT_CANDIDATE_INDEX, false}},
        {"no alias, all else alike",
         {NULL, "b", 0x80000001, 3, 5, VFIO_VARIANT_CANDIDATE_INDEX, false}},
        {"all else alike", {NULL, "b", 0x80000001, 3, 5, VFIO_VARIANT_CANDIDATE_GENERIC, false}},
        {"the generic module without an alias, by the weight that it is given",
         {NULL, "vfio_pci", UINT32_MAX, 4, 5, VFIO_VARIANT_CANDIDATE_GENERIC, false}},
        {"after it what weighs as much", {"x", "aa", 0, 4, 5, VFIO_VARIANT_CANDIDATE_INDEX, false}},
};

#define N_RANKED N_ROWS(rank_rows)

START_TEST(rank_is_total_order) {
        const __typeof__(*rank_rows) *row = &rank_rows[_i];

        for (int i = 0; i < N_RANKED; i++) {
                int r = candidate_compare(&row->candidate, &rank_rows[i].candidate, "vfio_pci");

                ck_assert_msg((r > 0) - (r < 0) == (_i > i) - (_i < i), "%s against %s: %d",
                              row->why, rank_rows[i].why, r);
        }
}
END_TEST

/* Strings are compared, not pointers. */
START_TEST(rank_of_equal_candidates) {
        char alias[] = "a", module[] = "m";
        const struct candidate one = {"a", "m", 1, 2, 3, VFIO_VARIANT_CANDIDATE_INDEX, false};
        const struct candidate other = {alias, module, 1, 2, 3, VFIO_VARIANT_CANDIDATE_INDEX,
                                        false};

        ck_assert_int_eq(candidate_compare(&one, &other, "vfio_pci"), 0);
}
END_TEST

static const struct {
        const char *why, *generic;
        int sign;
} generic_rows[] = {
        {"its bus's generic module is first", "vfio_cdx", -1},
        {"another bus's generic module is one of many", "vfio_foo", 1},
};

START_TEST(rank_asks_for_own_generic) {
        const __typeof__(*generic_rows) *row = &generic_rows[_i];
        const struct candidate cdx = {"x",  "vfio_cdx", 2, 2, 3, VFIO_VARIANT_CANDIDATE_INDEX,
                                      false};
        const struct candidate other = {"x", "aa", 1, 2, 3, VFIO_VARIANT_CANDIDATE_INDEX, false};

        assert_row(candidate_compare(&cdx, &other, row->generic) * row->sign > 0, row);
}
END_TEST

/* Regardless of the order in which they come. */
START_TEST(rank_inserts) {
        struct candidate list[N_RANKED + 1];
        int order[N_RANKED];
        unsigned state = (unsigned)_i;

        for (int i = 0; i < N_RANKED; i++)
                order[i] = _i == 0 ? i : N_RANKED - 1 - i;
        for (int i = N_RANKED - 1; _i > 1 && i > 0; i--) {
                int other = (int)next_random(&state, (unsigned)i + 1), moved = order[i];

                order[i] = order[other];
                order[other] = moved;
        }
        memset(list, '#', sizeof(list));
        for (int i = 0; i < N_RANKED; i++)
                candidate_insert(list, (size_t)i, &rank_rows[order[i]].candidate, "vfio_pci");
        for (int i = 0; i < N_RANKED; i++)
                ck_assert_int_eq(candidate_compare(&list[i], &rank_rows[i].candidate, "vfio_pci"),
                                 0);
        ck_assert(is_untouched(&list[N_RANKED], sizeof(*list)));
}
END_TEST

/* What is alike stays in the order in which it came. */
START_TEST(rank_inserts_behind_alike) {
        char alias[] = "a";
        const struct candidate first = {"a", "m", 1, 2, 3, VFIO_VARIANT_CANDIDATE_INDEX, false};
        const struct candidate second = {alias, "m", 1, 2, 3, VFIO_VARIANT_CANDIDATE_INDEX, false};
        struct candidate list[2];

        candidate_insert(list, 0, &first, "vfio_pci");
        candidate_insert(list, 1, &second, "vfio_pci");
        ck_assert_ptr_eq(list[0].alias, first.alias);
        ck_assert_ptr_eq(list[1].alias, alias);
}
END_TEST

static void add_rank(TCase *tcase) {
        tcase_add_loop_test(tcase, rank_is_total_order, 0, N_RANKED);
        tcase_add_test(tcase, rank_of_equal_candidates);
        tcase_add_loop_test(tcase, rank_asks_for_own_generic, 0, N_ROWS(generic_rows));
        tcase_add_loop_test(tcase, rank_inserts, 0, 50);
        tcase_add_test(tcase, rank_inserts_behind_alike);
}

int main(void) {
        static const struct unit_case cases[] = {
                {"rank", add_rank},
                {},
        };

        return unit_run("rank", cases);
}
