/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/basic: memory. */
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "arena.h"
#include "unit.h"

static const size_t piece_sizes[] = {0, 1, 3, 16, 17, 4096, 65536, 100000, 40000, 40000, 1};

static bool is_all(const char *bytes, size_t n, char c) {
        for (size_t i = 0; i < n; i++)
                if (bytes[i] != c)
                        return false;
        return true;
}

static size_t sum_of_pieces(void) {
        size_t sum = 0;

        for (int i = 0; i < N_ROWS(piece_sizes); i++)
                sum += piece_sizes[i];
        return sum;
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
                ck_assert_uint_ge(arena.taken, sum_of_pieces());
                arena_done(&arena);
                ck_assert(!arena.chunks && !arena.left && !arena.taken);
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

/* What is taken again lies where the newest chunk is, and no more memory is asked for. */
START_TEST(arena_is_rewound) {
        struct arena arena = {};
        char *first, *again;

        arena_rewind(&arena);
        ck_assert_ptr_null(arena.chunks);
        ck_assert_ptr_nonnull(arena_take(&arena, 100));
        first = arena_take(&arena, 1000000); /* a chunk of its own */
        arena_rewind(&arena);
        ck_assert_uint_eq(arena.taken, 0);
        memory_is_short();
        again = arena_take(&arena, 1000000);
        memory_is_back();
        ck_assert_ptr_eq(again, first);
        memset(again, 'x', 1000000);
        arena_rewind(&arena);
        ck_assert_ptr_eq(arena_take(&arena, 8), first);
        arena_done(&arena);
        ck_assert(!arena.chunks && !arena.left && !arena.taken);
}
END_TEST

static const size_t too_large[] = {SIZE_MAX,           SIZE_MAX - 15, SIZE_MAX - 64,
                                   SIZE_MAX / 2 + 1,
/* A 32-bit process has room for these. */
#if SIZE_MAX > UINT32_MAX
                                   SIZE_MAX / 2 - 100, SIZE_MAX / 4
#endif
};

START_TEST(arena_refuses_what_there_is_not) {
        struct arena arena = {};
        char *piece = arena_take(&arena, 8);
        size_t left = arena.left, taken = arena.taken;

        ck_assert_ptr_nonnull(piece);
        ck_assert_ptr_null(arena_take(&arena, too_large[_i]));
        ck_assert(arena.left == left && arena.taken == taken);
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
        ck_assert(!arena.chunks && !arena.left && !arena.taken);
}
END_TEST

#ifdef __SANITIZE_ADDRESS__
/* The sanitizer sees the bounds of each piece, though all of them lie in one mapping. */
START_TEST(arena_overflow_is_caught) {
        struct arena arena = {};
        volatile char *piece = arena_take(&arena, 13);
        pid_t child = fork();
        int status;

        if (child == 0) {
                (void)close(STDERR_FILENO); /* what it says of this one is no news */
                piece[13 + _i] = 1;
                _exit(0);
        }
        ck_assert_int_eq(waitpid(child, &status, 0), child);
        ck_assert_int_ne(status, 0);
        arena_done(&arena);
}
END_TEST
#endif

static void add_arena(TCase *tcase) {
        tcase_add_test(tcase, arena_gives_pieces);
        tcase_add_loop_test(tcase, arena_refuses_what_there_is_not, 0, N_ROWS(too_large));
        tcase_add_test(tcase, arena_without_memory);
        tcase_add_test(tcase, arena_copies_text);
        tcase_add_test(tcase, arena_is_rewound);
#ifdef __SANITIZE_ADDRESS__
        tcase_add_loop_test(tcase, arena_overflow_is_caught, 0, 16);
#endif
}

int main(void) {
        static const struct unit_case cases[] = {
                {"arena", add_arena},
                {},
        };

        return unit_run("arena", cases);
}
