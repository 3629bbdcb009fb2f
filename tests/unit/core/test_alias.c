/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/core: which devices an alias matches. */
#include <fnmatch.h>
#include <string.h>

#include "alias.h"
#include "modalias.h"
#include "unit.h"

#define PCI "pci:v000015B3d0000101Esv000015B3sd00000099bc02sc00i00"

static const struct {
        const char *why, *alias, *modalias;
        bool matches;
} match_rows[] = {
        {"the catch-all", "vfio_pci:v*d*sv*sd*bc*sc*i*", PCI, true},
        {"by vendor and device", "vfio_pci:v000015B3d0000101Esv*sd*bc*sc*i*", PCI, true},
        {"another device", "vfio_pci:v000015B3d0000101Fsv*sd*bc*sc*i*", PCI, false},
        {"a full class with modpost's star", "vfio_pci:v*d*sv*sd*bc02sc00i00*", PCI, true},
        {"another bus", "vfio_cdx:v*d*sv*sd*c*", PCI, false},
        {"the native driver's", "pci:v*d*sv*sd*bc*sc*i*", PCI, false},
        {"just the characters", "vfio_p:ab", "p:ab", true},
        {"one character less", "vfio_p:a", "p:ab", false},
        {"one character more", "vfio_p:abc", "p:ab", false},
        {"nothing", "", "p:ab", false},
        {"case counts", "vfio_p:AB", "p:ab", false},
        {"`*` is nothing as well", "vfio_p:ab*", "p:ab", true},
        {"`*` in the middle is nothing as well", "vfio_p:a*b", "p:ab", true},
        {"`*` twice", "vfio_p:**b", "p:ab", true},
        {"`*` alone", "*", "p:ab", true},
        {"`*` before what comes again", "vfio_p:*ab", "p:abaab", true},
        {"`*` can't reach back", "vfio_p:*b*a", "p:ab", false},
        {"`?` is a character", "vfio_p:?b", "p:ab", true},
        {"`?` is not nothing", "vfio_p:ab?", "p:ab", false},
        {"`?` is not two", "vfio_p:?", "p:ab", false},
        {"`?` is also '-'", "vfio_p:a?b", "p:a-b", true},
        {"a set", "vfio_p:[xa]b", "p:ab", true},
        {"a set without it", "vfio_p:[xy]b", "p:ab", false},
        {"a range", "vfio_p:[a-c]b", "p:bb", true},
        {"the begin of a range", "vfio_p:[a-c]b", "p:ab", true},
        {"the end of a range", "vfio_p:[a-c]b", "p:cb", true},
        {"after a range", "vfio_p:[a-c]b", "p:db", false},
        {"a range the wrong way round is empty", "vfio_p:[c-a]b", "p:bb", false},
        {"two ranges", "vfio_p:[0-9A-F]b", "p:Bb", true},
        {"between two ranges", "vfio_p:[0-9A-F]b", "p::b", false},
        {"a set that says no with `!`", "vfio_p:[!xa]b", "p:ab", false},
        {"a set that says no with `^`", "vfio_p:[^xa]b", "p:ab", false},
        {"a set that says no, and it isn't in it", "vfio_p:[!xy]b", "p:ab", true},
        {"`!` further on is a character", "vfio_p:[a!]b", "p:!b", true},
        {"`]` first in a set is a character", "vfio_p:[]a]b", "p:]b", true},
        {"`]` first after `!` is literal", "vfio_p:[!]a]b", "p:]b", false},
        {"`]` first after `!`, and not in the set", "vfio_p:[!]a]b", "p:xb", true},
        {"a '-' at the end of a set is a character, as is '_' here", "vfio_p:[a_]b", "p:-b", true},
        {"a '-' at the begin of a set is a character", "vfio_p:[-a]b", "p:ab", true},
        {"`\\` in a set", "vfio_p:[\\]x]b", "p:]b", true},
        {"`\\` before the end of a range", "vfio_p:[a-\\c]b", "p:bb", true},
        {"`[` in a set is a character", "vfio_p:[[]b", "p:[b", true},
        {"`*` and `?` in a set are characters", "vfio_p:[*?]b", "p:ab", false},
        {"a set is one character", "vfio_p:[ab]", "p:ab", false},
        {"a set is not nothing", "vfio_p:ab[ab]", "p:ab", false},
        {"`[` without its `]`", "vfio_p:a[b", "p:ab", false},
        {"`[` without its `]`, not even itself", "vfio_p:a[b", "p:a[b", false},
        {"`[]` has no end", "vfio_p:[]", "p:]", false},
        {"`[!]` has no end", "vfio_p:[!]", "p:a", false},
        {"a `]` alone is a character", "vfio_p:a]", "p:a]", true},
        {"`\\` before `*`", "vfio_p:\\*", "p:*", true},
        {"`\\` before `*`, which is one no more", "vfio_p:\\*", "p:ab", false},
        {"`\\` before a character", "vfio_p:\\ab", "p:ab", true},
        {"`\\` before itself", "vfio_p:\\\\", "p:\\", true},
        {"`\\` at the end", "vfio_p:ab\\", "p:ab", false},
        {"`\\` before a byte beyond ASCII", "vfio_p:*\\\xff", "p:ab", false},
        {"a byte beyond ASCII", "vfio_p:\xff", "p:ab", false},
        {"a byte beyond ASCII in a set", "vfio_p:[\xff]b", "p:ab", false},
};

START_TEST(alias_matches) {
        const __typeof__(*match_rows) *row = &match_rows[_i];
        struct modalias key;

        ck_assert_int_eq(modalias_parse(row->modalias, &key), 0);
        assert_row(alias_match(row->alias, &key) == row->matches, row);
}
END_TEST

/* What an alias is put together of at random; each is whole, so that fnmatch(3) reads it alike. */
static const char *const pieces[] = {"a",    "b",     "*",     "?",     "[ab]",   "[!a]",
                                     "[^b]", "[a-b]", "[]a]",  "[!]a]", "[\\]b]", "\\*",
                                     "\\a",  "[a-]",  "[b-a]", "]",     "[!b-a]", "aaaaaaaa"};

static void random_alias(unsigned *state, char *ret) {
        unsigned n = next_random(state, 9);

        ret = stpcpy(ret, next_random(state, 4) ? "vfio_p:" : "*");
        for (; n > 0; n--)
                ret = stpcpy(ret, pieces[next_random(state, N_ROWS(pieces))]);
}

/* Of all lengths, the same character again and again or a few. */
static void random_key(unsigned *state, struct modalias *ret) {
        static const unsigned lengths[] = {0,  1,  2,  3,   4,   8,   55, 56,
                                           57, 58, 59, 119, 120, 121, 122};
        unsigned n = lengths[next_random(state, N_ROWS(lengths))];
        char text[256] = "p:";
        bool alike = next_random(state, 2);

        for (unsigned i = 0; i < n; i++)
                text[2 + i] = alike ? 'a' : "ab]*"[next_random(state, 4)];
        assert_often(modalias_parse(text, ret) == 0, "%s", text);
}

#define N_RANDOM 4000

START_TEST(alias_matches_as_fnmatch) {
        unsigned state = (unsigned)_i, n_matches = 0;

        for (int i = 0; i < N_RANDOM; i++) {
                char alias[256];
                struct modalias key;
                bool matches;

                random_alias(&state, alias);
                random_key(&state, &key);
                matches = fnmatch(alias, key.key, 0) == 0;
                n_matches += matches;
                assert_often(alias_match(alias, &key) == matches, "%s on %s: should be %d", alias,
                             key.key, matches);
        }
        ck_assert_uint_gt(n_matches, N_RANDOM / 100);
}
END_TEST

static const struct {
        const char *why, *alias;
        bool matches; /* a device of bus p */
} begin_rows[] = {
        {"the bus, and a device", "vfio_p:ab", true},
        {"the bus alone", "vfio_p:", true},
        {"its catch-all", "vfio_p:*", true},
        {"another bus", "vfio_q:ab", false},
        {"a longer bus", "vfio_pq:ab", false},
        {"less than the bus", "vfio_p", false},
        {"all", "*", true},
        {"all buses", "vfio_*", true},
        {"a star, then the bus", "*p:ab", true},
        {"a star, and the bus may follow it", "*q:ab", true},
        {"a set for the bus", "vfio_[pq]:ab", true},
        {"a set without the bus", "vfio_[qr]:ab", false},
        {"`?` for the bus", "vfio_?:ab", true},
        {"an escaped bus", "vfio_\\p:ab", true},
        {"`[` without its `]` is not literal", "vfio_p[:ab", false},
};

START_TEST(alias_matches_begin) {
        const __typeof__(*begin_rows) *row = &begin_rows[_i];
        struct modalias key, begin;

        ck_assert_int_eq(modalias_parse("p:xyz", &key), 0);
        modalias_bus_prefix(&key, &begin);
        ck_assert_str_eq(begin.key, "vfio_p:");
        ck_assert_str_eq(begin.generic, "vfio_p");
        ck_assert(begin.is_prefix && !key.is_prefix);
        assert_row(alias_match(row->alias, &begin) == row->matches, row);
}
END_TEST

/* What matches a key matches the begin of it. */
START_TEST(alias_of_key_matches_begin) {
        unsigned state = (unsigned)_i, n_matches = 0;

        for (int i = 0; i < N_RANDOM; i++) {
                char alias[256];
                struct modalias key, begin;
                bool matches;

                random_alias(&state, alias);
                random_key(&state, &key);
                modalias_bus_prefix(&key, &begin);
                matches = alias_match(alias, &key);
                n_matches += matches;
                assert_often(!matches || alias_match(alias, &begin), "%s on %s", alias, key.key);
        }
        ck_assert_uint_gt(n_matches, N_RANDOM / 100);
}
END_TEST

/* No alias makes it slow: fnmatch(3) would try more ways than there are atoms. */
START_TEST(alias_takes_no_time) {
        static const char *const repeats[] = {"*?", "*a", "*[ab]", "**", "*\\a"};
        char alias[ALIAS_SIZE], text[MODALIAS_KEY_SIZE - sizeof(MODALIAS_PREFIX) + 1];
        size_t n = strlen(repeats[_i]), length = 0;
        struct modalias key;

        repeated(text, 'a', sizeof(text) - 1)[1] = ':';
        ck_assert_int_eq(modalias_parse(text, &key), 0);
        for (; length + n + 1 < sizeof(alias) / 2; length += n)
                memcpy(alias + length, repeats[_i], n);
        memcpy(alias + length, "b", 2);
        ck_assert(!alias_match(alias, &key));
        memcpy(alias + length, "*", 2);
        ck_assert(alias_match(alias, &key));
}
END_TEST

static void add_alias(TCase *tcase) {
        tcase_add_loop_test(tcase, alias_matches, 0, N_ROWS(match_rows));
        tcase_add_loop_test(tcase, alias_matches_as_fnmatch, 0, 5);
        tcase_add_loop_test(tcase, alias_matches_begin, 0, N_ROWS(begin_rows));
        tcase_add_loop_test(tcase, alias_of_key_matches_begin, 0, 5);
        tcase_add_loop_test(tcase, alias_takes_no_time, 0, 5);
}

int main(void) {
        static const struct unit_case cases[] = {
                {"alias", add_alias},
                {},
        };

        return unit_run("alias", cases);
}
