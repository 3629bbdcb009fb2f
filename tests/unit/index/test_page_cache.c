/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/index: blocks, the lines of the text files, and matches. */
#include "test_index.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "alias.h"
#include "fd.h"
#include "line_reader.h"
#include "match_list.h"
#include "page_cache.h"

/* --- page_cache.h --- */

/* The byte at each offset of the file: its value depends on the page and the offset. */
static uint8_t byte_at(uint32_t offset) {
        return (uint8_t)(offset / CACHE_PAGE_SIZE * 37 + offset % 251);
}

static uint32_t number_at(uint32_t offset) {
        return (uint32_t)byte_at(offset) << 24 | (uint32_t)byte_at(offset + 1) << 16 |
               (uint32_t)byte_at(offset + 2) << 8 | byte_at(offset + 3);
}

/* Blocks of a file of SIZE bytes that really has FILE_SIZE. */
static void make_blocks(struct page_cache *cache, struct arena *arena, uint32_t size,
                        uint32_t file_size) {
        struct temp_directory directory = temp_directory_new();
        uint8_t *bytes = malloc(file_size + 1);

        for (uint32_t i = 0; i < file_size; i++)
                bytes[i] = byte_at(i);
        temp_file_bytes(&directory, "file", bytes, file_size);
        free(bytes);
        memset(cache, 0, sizeof(*cache));
        page_cache_init(cache, openat(directory.fd, "file", O_RDWR | O_CLOEXEC), size, arena);
        fd_close(directory.fd);
}

#define FILE_SIZE (3 * CACHE_PAGE_SIZE + 100)

static const struct {
        const char *why;
        uint32_t offset;
        int r_view, r_number;
        size_t left;
} view_rows[] = {
        {"the begin", 0, 0, 0, CACHE_PAGE_SIZE},
        {"in the first block", 5, 0, 0, CACHE_PAGE_SIZE - 5},
        {"a number at the end of a block", CACHE_PAGE_SIZE - 4, 0, 0, 4},
        {"a number of which one byte is in the next block", CACHE_PAGE_SIZE - 3, 0, 0, 3},
        {"a number across blocks, half and half", 2 * CACHE_PAGE_SIZE - 2, 0, 0, 2},
        {"a number of which one byte is in this block", 3 * CACHE_PAGE_SIZE - 1, 0, 0, 1},
        {"the begin of a block", CACHE_PAGE_SIZE, 0, 0, CACHE_PAGE_SIZE},
        {"the last block is shorter", 3 * CACHE_PAGE_SIZE, 0, 0, 100},
        {"the last number", FILE_SIZE - 4, 0, 0, 4},
        {"a number that is cut by the end", FILE_SIZE - 3, 0, -EBADMSG, 3},
        {"the last byte", FILE_SIZE - 1, 0, -EBADMSG, 1},
        {"after the end, in the last page", FILE_SIZE, -EBADMSG, -EBADMSG, 0},
        {"further after it", FILE_SIZE + 50, -EBADMSG, -EBADMSG, 0},
        {"in a block that isn't there", 4 * CACHE_PAGE_SIZE, -EBADMSG, -EBADMSG, 0},
        {"where no index has anything", 0x0fffffff, -EBADMSG, -EBADMSG, 0},
        {"the last of all offsets", UINT32_MAX, -EBADMSG, -EBADMSG, 0},
};

START_TEST(blocks_are_viewed) {
        const __typeof__(*view_rows) *row = &view_rows[_i];
        struct arena arena = {};
        struct page_cache cache;
        const uint8_t *bytes = NULL;
        uint32_t number = 77;
        size_t left = 77;

        make_blocks(&cache, &arena, FILE_SIZE, FILE_SIZE);
        for (int round = 0; round < 2; round++) { /* read, and remembered */
                assert_row(page_cache_view(&cache, row->offset, &bytes, &left) == row->r_view, row);
                assert_row(page_cache_read_u32(&cache, row->offset, &number) == row->r_number, row);
        }
        assert_row(left == (row->r_view < 0 ? 77 : row->left), row);
        for (size_t i = 0; !row->r_view && i < left; i++)
                assert_often(bytes[i] == byte_at(row->offset + (uint32_t)i), "%s", row->why);
        assert_row(row->r_view || bytes, row);
        assert_row(number == (row->r_number < 0 ? 77 : number_at(row->offset)), row);
        page_cache_done(&cache);
        arena_done(&arena);
}
END_TEST

#define LARGE_SIZE ((2 * CACHE_SLOTS + 3) * CACHE_PAGE_SIZE)

/* Blocks that share a slot take it from each other, and none is taken for another. */
START_TEST(blocks_share_slots) {
        static const uint32_t numbers[] = {0, CACHE_SLOTS, 2 * CACHE_SLOTS, 0, 1, CACHE_SLOTS + 1,
                                           0, CACHE_SLOTS};
        struct arena arena = {};
        struct page_cache cache;
        const uint8_t *bytes;
        size_t left;

        make_blocks(&cache, &arena, LARGE_SIZE, LARGE_SIZE);
        for (int i = 0; i < N_ROWS(numbers); i++) {
                uint32_t offset = numbers[i] * CACHE_PAGE_SIZE + 7;

                ck_assert_int_eq(page_cache_view(&cache, offset, &bytes, &left), 0);
                ck_assert_msg(bytes[0] == byte_at(offset), "step %d", i);
        }
        /* Two slots, however many blocks were in them */
        for (size_t i = 0; i < CACHE_SLOTS; i++)
                ck_assert((cache.slots[i] != NULL) == (i < 2));
        page_cache_done(&cache);
        arena_done(&arena);
}
END_TEST

START_TEST(blocks_are_read_once) {
        struct arena arena = {};
        struct page_cache cache;
        const uint8_t *bytes;
        size_t left;

        make_blocks(&cache, &arena, FILE_SIZE, FILE_SIZE);
        ck_assert_int_eq(page_cache_view(&cache, 10, &bytes, &left), 0);
        ck_assert_int_eq(pwrite(cache.fd, "xxxx", 4, 10), 4);
        ck_assert_int_eq(page_cache_view(&cache, 11, &bytes, &left), 0);
        ck_assert_uint_eq(bytes[0], byte_at(11));
        page_cache_done(&cache);
        arena_done(&arena);
}
END_TEST

static const struct {
        const char *why;
        uint32_t file_size, offset;
        int r;
} cut_rows[] = {
        {"the block is whole", 3 * CACHE_PAGE_SIZE, 2 * CACHE_PAGE_SIZE, 0},
        {"the last block is gone", 3 * CACHE_PAGE_SIZE, 3 * CACHE_PAGE_SIZE, -EBADMSG},
        {"the last block lacks a byte", FILE_SIZE - 1, 3 * CACHE_PAGE_SIZE, -EBADMSG},
        {"a block in the middle is cut", CACHE_PAGE_SIZE + 9, CACHE_PAGE_SIZE, -EBADMSG},
        {"all is gone", 0, 0, -EBADMSG},
};

START_TEST(blocks_of_cut_file) {
        const __typeof__(*cut_rows) *row = &cut_rows[_i];
        struct arena arena = {};
        struct page_cache cache;
        const uint8_t *bytes = NULL;
        size_t left = 77;

        make_blocks(&cache, &arena, FILE_SIZE, row->file_size);
        for (int round = 0; round < 2; round++)
                assert_row(page_cache_view(&cache, row->offset, &bytes, &left) == row->r, row);
        assert_row(row->r == 0 || (!bytes && left == 77), row);
        page_cache_done(&cache);
        arena_done(&arena);
}
END_TEST

/*
 * A page that could not be read is read when it can be; and a slot is not taken for its previous
 * page.
 */
START_TEST(blocks_recover) {
        struct arena arena = {};
        struct page_cache cache;
        const uint8_t *bytes;
        size_t left;
        int fd;

        make_blocks(&cache, &arena, LARGE_SIZE, LARGE_SIZE);
        ck_assert_int_eq(page_cache_view(&cache, 5, &bytes, &left), 0);
        fd = cache.fd;
        cache.fd = -1;
        ck_assert_int_eq(page_cache_view(&cache, CACHE_SLOTS * CACHE_PAGE_SIZE, &bytes, &left),
                         -EBADF);
        ck_assert_int_eq(page_cache_view(&cache, 5, &bytes, &left), -EBADF);
        cache.fd = fd;
        ck_assert_int_eq(page_cache_view(&cache, 5, &bytes, &left), 0);
        ck_assert_uint_eq(bytes[0], byte_at(5));
        page_cache_done(&cache);
        ck_assert_int_lt(fcntl(fd, F_GETFD), 0);
        arena_done(&arena);
}
END_TEST

/* Bytes after the end are not read: the file may have grown. */
START_TEST(blocks_know_their_end) {
        struct arena arena = {};
        struct page_cache cache;
        const uint8_t *bytes;
        size_t left;

        make_blocks(&cache, &arena, CACHE_PAGE_SIZE + 9, FILE_SIZE);
        ck_assert_int_eq(page_cache_view(&cache, CACHE_PAGE_SIZE + 8, &bytes, &left), 0);
        ck_assert_uint_eq(left, 1);
        ck_assert_int_eq(page_cache_view(&cache, CACHE_PAGE_SIZE + 9, &bytes, &left), -EBADMSG);
        ck_assert_int_eq(page_cache_view(&cache, 2 * CACHE_PAGE_SIZE, &bytes, &left), -EBADMSG);
        fd_close(cache.fd);
        ck_assert_int_eq(page_cache_view(&cache, 2 * CACHE_PAGE_SIZE, &bytes, &left), -EBADMSG);
        arena_done(&arena);
}
END_TEST

START_TEST(blocks_without_memory) {
        struct arena arena = {};
        struct page_cache cache;
        uint32_t number = 77;
        int r;

        make_blocks(&cache, &arena, FILE_SIZE, FILE_SIZE);
        memory_is_short();
        r = page_cache_read_u32(&cache, 0, &number);
        memory_is_back();
        ck_assert_int_eq(r, -ENOMEM);
        ck_assert_uint_eq(number, 77);
        ck_assert_int_eq(page_cache_read_u32(&cache, 0, &number), 0);
        page_cache_done(&cache);
        arena_done(&arena);
}
END_TEST

void add_blocks(TCase *tcase) {
        tcase_add_loop_test(tcase, blocks_are_viewed, 0, N_ROWS(view_rows));
        tcase_add_test(tcase, blocks_share_slots);
        tcase_add_test(tcase, blocks_are_read_once);
        tcase_add_loop_test(tcase, blocks_of_cut_file, 0, N_ROWS(cut_rows));
        tcase_add_test(tcase, blocks_recover);
        tcase_add_test(tcase, blocks_know_their_end);
        tcase_add_test(tcase, blocks_without_memory);
}

/* --- line_reader.h --- */

/* All lines, each in brackets. */
struct gathered {
        char text[256];
        int n, stop_at, r;
};

static int gather(const char *line, size_t length, void *userdata) {
        struct gathered *gathered = userdata;
        size_t n = strlen(gathered->text);

        if (n + length + 3 < sizeof(gathered->text))
                (void)snprintf(gathered->text + n, sizeof(gathered->text) - n, "[%.*s]",
                               (int)length, line);
        return ++gathered->n == gathered->stop_at ? gathered->r : 0;
}

static const struct {
        const char *why, *text;
        int stop_at, r_stop, r;
        const char *lines;
} lines_rows[] = {
        {"two lines", "a b\nc\n", 0, 0, 0, "[a b][c]"},
        {"an empty file", "", 0, 0, 0, ""},
        {"an empty line", "a\n\nb\n", 0, 0, 0, "[a][][b]"},
        {"a line that was cut", "a\nb", 0, 0, -EBADMSG, "[a]"},
        {"only such a line", "a", 0, 0, -EBADMSG, ""},
        {"an error ends it", "a\nb\nc\n", 2, -EXDEV, -EXDEV, "[a][b]"},
        {"what is above 0 ends it", "a\nb\nc\n", 1, 7, 7, "[a]"},
        {"it ends before the cut is seen", "a\nb", 1, 7, 7, "[a]"},
};

START_TEST(lines_are_read) {
        const __typeof__(*lines_rows) *row = &lines_rows[_i];
        struct temp_directory directory = temp_directory_new();
        struct gathered got = {.stop_at = row->stop_at, .r = row->r_stop};

        temp_file(&directory, "file", row->text);
        assert_row(lines_read(directory.fd, "file", gather, &got) == row->r, row);
        assert_row(strcmp(got.text, row->lines) == 0, row);
        fd_close(directory.fd);
}
END_TEST

/* The size of the reader's buffer: src/index/line_reader.c. */
#define LINE_MAX_BYTES ((size_t)64 * 1024)

static const struct {
        const char *why;
        size_t first, second; /* lengths, with the newline */
        int r, n;
} long_rows[] = {
        {"the longest line", LINE_MAX_BYTES, 10, 0, 2},
        {"one byte longer", LINE_MAX_BYTES + 1, 10, -EBADMSG, 0},
        {"the longest line after another", 10, LINE_MAX_BYTES, 0, 2},
        {"too long after another", 10, LINE_MAX_BYTES + 1, -EBADMSG, 1},
        {"a line across the buffer's end", LINE_MAX_BYTES - 5, 10, 0, 2},
};

START_TEST(lines_have_bounds) {
        const __typeof__(*long_rows) *row = &long_rows[_i];
        struct temp_directory directory = temp_directory_new();
        struct gathered got = {};
        size_t size = row->first + row->second;
        char *text = malloc(size);

        memset(text, 'x', size);
        text[row->first - 1] = text[size - 1] = '\n';
        temp_file_bytes(&directory, "file", text, size);
        free(text);
        assert_row(lines_read(directory.fd, "file", gather, &got) == row->r, row);
        assert_row(got.n == row->n, row);
        fd_close(directory.fd);
}
END_TEST

START_TEST(lines_of_many_buffers) {
        struct temp_directory directory = temp_directory_new();
        struct gathered got = {};
        static char text[9 * 50000 + 1];

        for (int i = 0; i < 50000; i++)
                (void)snprintf(text + 9 * (size_t)i, 10, "%08d\n", i);
        temp_file_bytes(&directory, "file", text, sizeof(text) - 1);
        ck_assert_int_eq(lines_read(directory.fd, "file", gather, &got), 0);
        ck_assert_int_eq(got.n, 50000);
        fd_close(directory.fd);
}
END_TEST

START_TEST(lines_report_errors) {
        struct temp_directory directory = temp_directory_new();
        struct gathered got = {};
        int r;

        ck_assert_int_eq(lines_read(directory.fd, "nothing", gather, &got), -ENOENT);
        ck_assert_int_eq(lines_read(directory.fd, ".", gather, &got), -EISDIR);
        temp_file(&directory, "file", "a\n");
        memory_is_short();
        r = lines_read(directory.fd, "file", gather, &got);
        memory_is_back();
        ck_assert_int_eq(r, -ENOMEM);
        fd_close(directory.fd);
}
END_TEST

void add_lines(TCase *tcase) {
        tcase_add_loop_test(tcase, lines_are_read, 0, N_ROWS(lines_rows));
        tcase_add_loop_test(tcase, lines_have_bounds, 0, N_ROWS(long_rows));
        tcase_add_test(tcase, lines_of_many_buffers);
        tcase_add_test(tcase, lines_report_errors);
}

/* --- match_list.h --- */

#define N_MATCHES 50

START_TEST(matches_grow) {
        const struct candidate like = {"no", "no", 7, 9, 9, VFIO_VARIANT_CANDIDATE_ADMIN, true};
        struct matches matches = {.generic = "vfio_p"};
        struct arena arena = {};
        char alias[32], module[16];

        for (unsigned i = 0; i < N_MATCHES; i++) {
                (void)snprintf(alias, sizeof(alias), "vfio_p:%02u*?", i);
                (void)snprintf(module, sizeof(module), "m%02u", N_MATCHES - i);
                ck_assert_int_eq(matches_add(&matches, &arena, alias, module, &like), 0);
        }
        ck_assert_uint_eq(matches.n, N_MATCHES);
        for (unsigned i = 0; i < N_MATCHES; i++) {
                const struct candidate *match = &matches.list[i];

                /* Sorted by the names of the modules */
                (void)snprintf(alias, sizeof(alias), "vfio_p:%02u*?", N_MATCHES - 1 - i);
                ck_assert_str_eq(match->alias, alias);
                ck_assert(match->wildcards == 2 && match->literals == 9);
                ck_assert(match->priority == 7 && match->origin == VFIO_VARIANT_CANDIDATE_ADMIN &&
                          match->built_in);
        }
        ck_assert_str_eq(matches.list[0].module, "m01");
        ck_assert_str_eq(matches.list[N_MATCHES - 1].module, "m50");
        arena_done(&arena);
}
END_TEST

START_TEST(matches_without_memory) {
        const struct candidate like = {.origin = VFIO_VARIANT_CANDIDATE_INDEX};
        struct matches matches = {.generic = "vfio_p"};
        struct arena arena = {};
        char *large = malloc(1000000);
        int r, r_alias;

        memset(large, 'x', 999999);
        large[999999] = '\0';
        memory_is_short();
        r = matches_add(&matches, &arena, "a", "m", &like);
        memory_is_back();
        ck_assert_int_eq(r, -ENOMEM);
        ck_assert_int_eq(matches_add(&matches, &arena, "a", "m", &like), 0);
        memory_is_short();
        r = matches_add(&matches, &arena, "a", large, &like);
        r_alias = matches_add(&matches, &arena, large, "m", &like);
        memory_is_back();
        free(large);
        ck_assert(r == -ENOMEM && r_alias == -ENOMEM);
        ck_assert_uint_eq(matches.n, 1);
        arena_done(&arena);
}
END_TEST

void add_matches(TCase *tcase) {
        tcase_add_test(tcase, matches_grow);
        tcase_add_test(tcase, matches_without_memory);
}
