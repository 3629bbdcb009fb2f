/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/basic: memory. */
#include <stdint.h>
#include <string.h>

#include "arena.h"
#include "unit.h"

static const size_t piece_sizes[] = {0, 1, 3, 16, 17, 4096, 65536, 100000, 40000, 40000, 1};

static bool is_all(const char *bytes, size_t n, char c) {
        for (size_t i = 0; i < n; i++)
                if (bytes[i] != c)
                        return false;
        return true;
}

/* Takes pieces of all sizes, each zero and aligned, and fills them. */
static void take_pieces(struct arena *arena, char *pieces[]) {
        for (int i = 0; i < N_ROWS(piece_sizes); i++) {
                pieces[i] = arena_take(arena, piece_sizes[i]);
                ck_assert_ptr_nonnull(pieces[i]);
                ck_assert_uint_eq((uintptr_t)pieces[i] % _Alignof(max_align_t), 0);
                ck_assert_msg(is_all(pieces[i], piece_sizes[i], 0), "piece %d is not zero", i);
                memset(pieces[i], 'a' + i, piece_sizes[i]);
        }
}

START_TEST(arena_gives_pieces) {
        struct arena arena = {};
        char *pieces[N_ROWS(piece_sizes)];

        for (int round = 0; round < 2; round++) {
                take_pieces(&arena, pieces);
                for (int i = 0; i < N_ROWS(piece_sizes); i++)
                        ck_assert_msg(is_all(pieces[i], piece_sizes[i], (char)('a' + i)),
                                      "piece %d lies on another", i);
                arena_done(&arena);
                ck_assert(!arena.chunks && !arena.left);
        }
        arena_done(&arena);
}
END_TEST

START_TEST(arena_copies_text) {
        struct arena arena = {};
        char text[] = "vfio_pci";
        const char *copy = arena_text(&arena, text), *empty = arena_text(&arena, "");

        text[0] = 'x';
        ck_assert_str_eq(copy, "vfio_pci");
        ck_assert_str_eq(empty, "");
        arena_done(&arena);
        memory_is_short();
        copy = arena_text(&arena, text);
        memory_is_back();
        ck_assert_ptr_null(copy);
}
END_TEST

/* After a rewind memory comes from the newest chunk, and no more is mapped. */
START_TEST(arena_is_rewound) {
        struct arena arena = {};
        char *first, *again;

        arena_rewind(&arena);
        ck_assert_ptr_null(arena.chunks);
        ck_assert_ptr_nonnull(arena_take(&arena, 100));
        first = arena_take(&arena, 1000000); /* a chunk of its own */
        arena_rewind(&arena);
        memory_is_short();
        again = arena_take(&arena, 1000000);
        memory_is_back();
        ck_assert_ptr_eq(again, first);
        memset(again, 'x', 1000000);
        arena_rewind(&arena);
        ck_assert_ptr_eq(arena_take(&arena, 8), first);
        arena_done(&arena);
        ck_assert(!arena.chunks && !arena.left);
}
END_TEST

static const size_t too_large[] = {SIZE_MAX,           SIZE_MAX - 15, SIZE_MAX - 64,
                                   SIZE_MAX / 2 + 1,
/* A 32-bit process has room for these, and a sanitizer ends the process. */
#if SIZE_MAX > UINT32_MAX && !defined(SANITIZED)
                                   SIZE_MAX / 2 - 100, SIZE_MAX / 4
#endif
};

START_TEST(arena_refuses_what_there_is_not) {
        struct arena arena = {};
        char *piece = arena_take(&arena, 8);
        size_t left = arena.left;

        ck_assert_ptr_nonnull(piece);
        ck_assert_ptr_null(arena_take(&arena, too_large[_i]));
        ck_assert_uint_eq(arena.left, left);
        ck_assert_ptr_nonnull(arena_take(&arena, 8));
        arena_done(&arena);
}
END_TEST

START_TEST(arena_without_memory) {
        struct arena arena = {};
        void *piece;

        memory_is_short();
        piece = arena_take(&arena, 8);
        memory_is_back();
        ck_assert_ptr_null(piece);
        ck_assert(!arena.chunks && !arena.left);
}
END_TEST

static void add_arena(TCase *tcase) {
        tcase_add_test(tcase, arena_gives_pieces);
        tcase_add_loop_test(tcase, arena_refuses_what_there_is_not, 0, N_ROWS(too_large));
        tcase_add_test(tcase, arena_without_memory);
        tcase_add_test(tcase, arena_copies_text);
        tcase_add_test(tcase, arena_is_rewound);
}

int main(void) {
        static const struct unit_case cases[] = {
                {"arena", add_arena},
                {},
        };

        return unit_run("arena", cases);
}
