/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/basic: strings. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"
#include "unit.h"

static const struct {
        const char *why, *text;
        size_t length;
        const char *word;
        bool is, starts;
} prefix_rows[] = {
        {"just it", "alias", 5, "alias", true, true},
        {"the text goes on", "alias x", 5, "alias", true, true},
        {"the length goes on", "alias x", 7, "alias", false, true},
        {"the text is shorter", "ali", 3, "alias", false, false},
        {"the length is shorter", "alias", 4, "alias", false, true},
        {"another character", "alios", 5, "alias", false, false},
        {"no characters at all", "x", 0, "", true, true},
        {"'-' is not '_' here", "a-b", 3, "a_b", false, false},
};

START_TEST(text_begins) {
        const __typeof__(*prefix_rows) *row = &prefix_rows[_i];

        assert_row(text_is(row->text, row->length, row->word) == row->is, row);
        assert_row(startswith(row->text, row->word) == row->starts, row);
}
END_TEST

static bool among(int c, const char *characters) {
        return c && strchr(characters, c);
}

/* Each byte that there is, against the characters written out. */
START_TEST(text_recognises_characters) {
        const char *digits = "0123456789", *blanks = " \t";
        const char *characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        char c = (char)_i;

        ck_assert_int_eq(text_is_digit(c), among(_i, digits));
        ck_assert_int_eq(text_is_alphanumeric(c), among(_i, digits) || among(_i, characters));
        ck_assert_int_eq(text_is_blank(c), among(_i, blanks));
        ck_assert_int_eq(text_is_graph(c), _i > 32 && _i < 127);
        ck_assert_int_eq(text_is_word(&c, 1), _i > 32 && _i < 127);
        ck_assert_int_eq(text_underscored(c), c == '-' ? '_' : c);
}
END_TEST

static const struct {
        const char *why, *text;
        size_t length;
        bool is;
} word_rows[] = {
        {"characters that are seen", "vfio_pci:v*", 11, true},
        {"none", "x", 0, false},
        {"a blank among them", "a b", 3, false},
        {"a space after them", "a b", 1, true},
        {"a byte beyond ASCII at the end", "ab\x80", 3, false},
        {"a NUL among them", "a\0b", 3, false},
};

static const struct {
        const char *why, *text;
        bool is;
} number_rows[] = {
        {"one digit", "0", true},
        {"all digits", "1234567890", true},
        {"nothing", "", false},
        {"another character after them", "12x", false},
        {"another character before them", "x12", false},
        {"a sign", "-1", false},
};

START_TEST(text_recognises_numbers) {
        const __typeof__(*number_rows) *row = &number_rows[_i];

        assert_row(text_is_number(row->text) == row->is, row);
}
END_TEST

START_TEST(text_recognises_words) {
        const __typeof__(*word_rows) *row = &word_rows[_i];

        assert_row(text_is_word(row->text, row->length) == row->is, row);
}
END_TEST

static const struct {
        const char *why, *text, *name;
        int at; /* -1: nowhere */
} find_rows[] = {
        {"at the begin", "vfio_pci", "vfio", 0},
        {"in the middle", "alias vfio_pci", "vfio", 6},
        {"'-' stands for '_'", "a vfio-pci", "vfio_pci", 2},
        {"'_' stands for '-'", "a vfio_pci", "vfio-pci", 2},
        {"the first of two", "vfio vfio", "vfio", 0},
        {"a begin of it, then all of it", "vfvfio", "vfio", 2},
        {"only a begin of it, at the end", "xxvfi", "vfio", -1},
        {"not there", "modules", "vfio", -1},
        {"in nothing", "", "vfio", -1},
};

START_TEST(text_finds_names) {
        const __typeof__(*find_rows) *row = &find_rows[_i];
        const char *found = text_find_name(row->text, strlen(row->text), row->name);

        assert_row((found ? (int)(found - row->text) : -1) == row->at, row);
        assert_row(text_begins_with_name(row->text, strlen(row->text), row->name) == (row->at == 0),
                   row);
}
END_TEST

#define FIND_LENGTH 70

/* At each place of a text that ends where its memory does. */
static const char *const searched[] = {"vfio", "vfio_pci", "a-b", "_b", "blacklist="};

START_TEST(text_finds_names_anywhere) {
        size_t length = (size_t)_i;
        char *text = malloc(length + (length == 0));

        for (int i = 0; i < N_ROWS(searched); i++) {
                size_t n = strlen(searched[i]);

                memset(text, 'v', length);
                ck_assert_ptr_null(text_find_name(text, length, searched[i]));
                for (size_t at = 0; at + n <= length; at++) {
                        memset(text, i % 2 ? 'v' : 'a', length);
                        memcpy(text + at, searched[i], n);
                        assert_often(text_find_name(text, length, searched[i]) == text + at,
                                     "%s at %zu of %zu", searched[i], at, length);
                        assert_often(!text_find_name(text, at + n - 1, searched[i]),
                                     "%s before %zu of %zu", searched[i], at, length);
                }
        }
        free(text);
}
END_TEST

START_TEST(text_search_keeps_to_length) {
        ck_assert_ptr_null(text_find_name("ab vfio", 6, "vfio"));
        ck_assert(!text_begins_with_name("vfio", 3, "vfio"));
        ck_assert(text_begins_with_name("vfio", 0, ""));
}
END_TEST

static const struct {
        const char *why;
        size_t size;
        const char *a, *b;
        bool fits;
} join_rows[] = {
        {"room to spare", 16, "abc", "def", true},
        {"room to the byte", 7, "abc", "def", true},
        {"no room for the NUL", 6, "abc", "def", false},
        {"no room for the first", 3, "abc", "", false},
        {"room for the first only", 4, "abc", "d", false},
        {"an empty second", 4, "abc", "", true},
        {"an empty first", 4, "", "abc", true},
        {"no room at all", 0, "", "", false},
};

START_TEST(text_joins) {
        const __typeof__(*join_rows) *row = &join_rows[_i];
        char whole[32], joined[32];

        memset(joined, '#', sizeof(joined));
        (void)snprintf(whole, sizeof(whole), "%s%s", row->a, row->b);
        assert_row(text_join(joined, row->size, row->a, row->b) == row->fits, row);
        assert_row(!row->fits || strcmp(joined, whole) == 0, row);
        assert_row(joined[row->size] == '#', row);
}
END_TEST

START_TEST(text_puts) {
        char put[8] = "#######";

        ck_assert_uint_eq(text_put(put, 4, "abc"), 3);
        ck_assert_str_eq(put, "abc");
        ck_assert_int_eq(put[4], '#');
        ck_assert_uint_eq(text_put(put, 3, "abc"), 3);
        memcpy(put, "xyz", 2);
        ck_assert_str_eq(put, "xyc");
}
END_TEST

static const struct {
        const char *why, *text, *suffix;
        bool has;
} suffix_rows[] = {
        {"a name before it", "60.hwdb", ".hwdb", true},
        {"only the suffix", ".hwdb", ".hwdb", false},
        {"another suffix", "60.rules", ".hwdb", false},
        {"in the middle", "60.hwdb.new", ".hwdb", false},
        {"shorter than the suffix", "db", ".hwdb", false},
};

START_TEST(text_ends) {
        const __typeof__(*suffix_rows) *row = &suffix_rows[_i];

        assert_row(text_has_suffix(row->text, row->suffix) == row->has, row);
}
END_TEST

static const struct {
        const char *why, *text;
        unsigned base, number;
        const char *rest;
} take_rows[] = {
        {"decimal", "1203:4", 10, 1203, ":4"},
        {"hexadecimal", "8086d1:", 16, 0x8086d1, ":"},
        {"both cases", "aBcDeFg", 16, 0xabcdef, "g"},
        {"octal", "02018", 8, 0201, "8"},
        {"no digit", "x1", 10, 0, "x1"},
        {"a sign is no digit", "-1", 10, 0, "-1"},
        {"nothing", "", 10, 0, ""},
        {"the largest", "4294967295", 10, 4294967295, ""},
        {"larger by one", "4294967296", 10, 4294967295, ""},
        {"much larger", "99999999999999999999", 10, 4294967295, ""},
        {"larger, and then more digits", "100000000000", 16, 0xffffffff, ""},
};

START_TEST(text_takes_numbers) {
        const __typeof__(*take_rows) *row = &take_rows[_i];
        const char *at = row->text;
        unsigned number = text_take_number(&at, row->base);

        assert_row(number == row->number, row);
        assert_row(strcmp(at, row->rest) == 0, row);
}
END_TEST

static const struct {
        const char *why, *line, *words[4];
} words_rows[] = {
        {"blanks of all kinds", " a\tbc  d ", {"a", "bc", "d"}},
        {"one word", "a", {"a"}},
        {"no word", " \t ", {}},
        {"nothing", "", {}},
};

START_TEST(text_has_words) {
        const __typeof__(*words_rows) *row = &words_rows[_i];
        const char *line = row->line, *word;
        size_t length = strlen(line);

        for (int i = 0; row->words[i]; i++) {
                size_t n = text_next_word(&line, &length, &word);

                assert_row(n == strlen(row->words[i]), row);
                assert_row(memcmp(word, row->words[i], n) == 0, row);
        }
        assert_row(text_next_word(&line, &length, &word) == 0, row);
        assert_row(text_next_word(&line, &length, &word) == 0 && length == 0, row);
}
END_TEST

START_TEST(text_words_keep_to_length) {
        const char *line = "ab cd", *word;
        size_t length = 4;

        ck_assert_uint_eq(text_next_word(&line, &length, &word), 2);
        ck_assert_uint_eq(text_next_word(&line, &length, &word), 1);
        ck_assert(*word == 'c' && length == 0);
}
END_TEST

static void add_text(TCase *tcase) {
        tcase_add_loop_test(tcase, text_begins, 0, N_ROWS(prefix_rows));
        tcase_add_loop_test(tcase, text_recognises_characters, 0, 256);
        tcase_add_loop_test(tcase, text_recognises_numbers, 0, N_ROWS(number_rows));
        tcase_add_loop_test(tcase, text_recognises_words, 0, N_ROWS(word_rows));
        tcase_add_loop_test(tcase, text_finds_names, 0, N_ROWS(find_rows));
        tcase_add_loop_test(tcase, text_finds_names_anywhere, 0, FIND_LENGTH);
        tcase_add_test(tcase, text_search_keeps_to_length);
        tcase_add_loop_test(tcase, text_joins, 0, N_ROWS(join_rows));
        tcase_add_test(tcase, text_puts);
        tcase_add_loop_test(tcase, text_ends, 0, N_ROWS(suffix_rows));
        tcase_add_loop_test(tcase, text_takes_numbers, 0, N_ROWS(take_rows));
        tcase_add_loop_test(tcase, text_has_words, 0, N_ROWS(words_rows));
        tcase_add_test(tcase, text_words_keep_to_length);
}

int main(void) {
        static const struct unit_case cases[] = {
                {"text", add_text},
                {},
        };

        return unit_run("text", cases);
}
