/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/core: modalias, alias, name, rank and property text. */
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alias.h"
#include "modalias.h"
#include "name.h"
#include "property.h"
#include "rank.h"
#include "unit.h"

/* N letters, of a string that ends with its block. */
static char *repeated(char *ret, char letter, size_t n) {
        memset(ret, letter, n);
        ret[n] = '\0';
        return ret;
}

/* --- modalias.h --- */

static const struct {
        const char *why, *text, *key, *generic, *bus;
} modalias_rows[] = {
        {"a PCI function", "pci:v000015B3d0000101Esv*", "vfio_pci:v000015B3d0000101Esv*",
         "vfio_pci", "pci"},
        {"a CDX device", "cdx:v10EEd6085", "vfio_cdx:v10EEd6085", "vfio_cdx", "cdx"},
        {"a bus that nobody knows", "foo9:x", "vfio_foo9:x", "vfio_foo9", "foo9"},
        {"nothing behind the bus", "pci:", "vfio_pci:", "vfio_pci", "pci"},
        {"depmod writes '-' as '_'", "pci:a-b", "vfio_pci:a_b", "vfio_pci", "pci"},
        {"in the bus's name as well", "fsl-mc:v1", "vfio_fsl_mc:v1", "vfio_fsl_mc", "fsl_mc"},
        {"a bus with '_'", "fsl_mc:v1", "vfio_fsl_mc:v1", "vfio_fsl_mc", "fsl_mc"},
        {"a colon behind the first", "of:N:T", "vfio_of:N:T", "vfio_of", "of"},
        {"the first and the last letter that are seen", "pci:!~", "vfio_pci:!~", "vfio_pci", "pci"},
        {"what means something in a glob", "pci:*?[a]\\", "vfio_pci:*?[a]\\", "vfio_pci", "pci"},
};

START_TEST(modalias_is_read) {
        const __typeof__(*modalias_rows) *row = &modalias_rows[_i];
        struct modalias key;

        memset(&key, '#', sizeof(key));
        assert_row(modalias_parse(row->text, &key) == 0, row);
        assert_row(strcmp(key.key, row->key) == 0, row);
        assert_row(key.length == strlen(row->key), row);
        assert_row(strcmp(key.generic, row->generic) == 0, row);
        assert_row(strcmp(modalias_bus(&key), row->bus) == 0, row);
        assert_row(key.n_words == key.length / 64 + 1, row);
        for (size_t i = key.length; i == key.length || i % 8 != 0; i++)
                assert_row(key.key[i] == '\0', row);
}
END_TEST

/* Each set of places says of each letter where it stands, and says nothing else. */
static void check_places(const struct modalias *key) {
        for (size_t place = 0; place < key->n_words * 64; place++)
                for (size_t letter = 0; letter < MODALIAS_N_LETTERS; letter++) {
                        bool noted = key->places[place / 64][letter] >> (place % 64) & 1;
                        bool stands = place < key->length && (size_t)key->key[place] == letter;

                        assert_often(noted == stands, "place %zu, letter %zu", place, letter);
                }
}

START_TEST(modalias_notes_places) {
        struct modalias key;

        memset(&key, '#', sizeof(key));
        ck_assert_int_eq(modalias_parse(modalias_rows[_i].text, &key), 0);
        check_places(&key);
}
END_TEST

/* Sets that are full to the last bit, or nearly; and a shorter key where a longer one was. */
START_TEST(modalias_forgets_places) {
        struct modalias key;
        char text[MODALIAS_KEY_SIZE];

        for (int n = 57; n <= 60; n++) {
                repeated(text, 'x', (size_t)n)[1] = ':';
                ck_assert_int_eq(modalias_parse(text, &key), 0);
                check_places(&key);
        }
        ck_assert_int_eq(modalias_parse("p:", &key), 0);
        check_places(&key);
}
END_TEST

static const struct {
        const char *why, *text;
} no_modalias_rows[] = {
        {"nothing", ""},
        {"no bus", ":v1"},
        {"no colon", "pci"},
        {"an address", "0000:3b:00.0"},
        {"a bus that begins with a digit", "9p:x"},
        {"a blank", "pci:v1 d2"},
        {"a blank behind it", "pci:v1 "},
        {"a newline behind it", "pci:v1\n"},
        {"a tab", "pci:\tv1"},
        {"a letter beyond ASCII", "pci:\xc3\xa4"},
        {"DEL", "pci:\x7f"},
        {"a control character", "pci:\x01"},
        {"a path", "/sys/devices:x"},
        {"a bus with a dot", "p.i:x"},
        {"a bus with a wildcard", "*:x"},
        {"a bus with a blank", "p i:x"},
};

static bool is_untouched(const void *what, size_t size) {
        const char *bytes = what;

        while (size > 0 && bytes[size - 1] == '#')
                size--;
        return size == 0;
}

START_TEST(modalias_is_refused) {
        const __typeof__(*no_modalias_rows) *row = &no_modalias_rows[_i];
        struct modalias key;

        memset(&key, '#', sizeof(key));
        assert_row(modalias_parse(row->text, &key) == -EINVAL, row);
        assert_row(is_untouched(&key, sizeof(key)), row);
}
END_TEST

static const struct {
        const char *why;
        size_t bus, rest; /* letters before and behind the colon */
        int r;
} length_rows[] = {
        {"as long as can be", 3, 502, 0},
        {"one letter more", 3, 503, -ENAMETOOLONG},
        {"far more", 3, 5000, -ENAMETOOLONG},
        {"a bus whose module has the longest name", 50, 1, 0},
        {"one letter more: that module can't be", 51, 1, -EINVAL},
        {"words of the sets filled to the last bit", 3, 50, 0},
        {"words of the sets filled but for one", 3, 49, 0},
        {"words of the key filled", 3, 6, 0},
};

START_TEST(modalias_has_bounds) {
        const __typeof__(*length_rows) *row = &length_rows[_i];
        char text[8192];
        struct modalias key;

        memset(&key, '#', sizeof(key));
        (void)repeated(text, 'x', row->bus + 1 + row->rest);
        text[row->bus] = ':';
        assert_row(modalias_parse(text, &key) == row->r, row);
        if (row->r < 0) {
                assert_row(is_untouched(&key, sizeof(key)), row);
                return;
        }
        assert_row(strlen(key.key) == strlen("vfio_") + row->bus + 1 + row->rest, row);
        assert_row(strlen(key.generic) == strlen("vfio_") + row->bus, row);
        check_places(&key);
}
END_TEST

static void add_modalias(TCase *tcase) {
        tcase_add_loop_test(tcase, modalias_is_read, 0, N_ROWS(modalias_rows));
        tcase_add_loop_test(tcase, modalias_notes_places, 0, N_ROWS(modalias_rows));
        tcase_add_test(tcase, modalias_forgets_places);
        tcase_add_loop_test(tcase, modalias_is_refused, 0, N_ROWS(no_modalias_rows));
        tcase_add_loop_test(tcase, modalias_has_bounds, 0, N_ROWS(length_rows));
}

/* --- alias.h --- */

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
        {"just the letters", "vfio_p:ab", "p:ab", true},
        {"one letter less", "vfio_p:a", "p:ab", false},
        {"one letter more", "vfio_p:abc", "p:ab", false},
        {"nothing", "", "p:ab", false},
        {"a letter's case counts", "vfio_p:AB", "p:ab", false},
        {"`*` is nothing as well", "vfio_p:ab*", "p:ab", true},
        {"`*` in the middle is nothing as well", "vfio_p:a*b", "p:ab", true},
        {"`*` twice", "vfio_p:**b", "p:ab", true},
        {"`*` alone", "*", "p:ab", true},
        {"`*` before what comes again", "vfio_p:*ab", "p:abaab", true},
        {"`*` can't reach back", "vfio_p:*b*a", "p:ab", false},
        {"`?` is a letter", "vfio_p:?b", "p:ab", true},
        {"`?` is not nothing", "vfio_p:ab?", "p:ab", false},
        {"`?` is not two", "vfio_p:?", "p:ab", false},
        {"`?` is also '-'", "vfio_p:a?b", "p:a-b", true},
        {"a set", "vfio_p:[xa]b", "p:ab", true},
        {"a set without it", "vfio_p:[xy]b", "p:ab", false},
        {"a range", "vfio_p:[a-c]b", "p:bb", true},
        {"the begin of a range", "vfio_p:[a-c]b", "p:ab", true},
        {"the end of a range", "vfio_p:[a-c]b", "p:cb", true},
        {"behind a range", "vfio_p:[a-c]b", "p:db", false},
        {"a range the wrong way round is empty", "vfio_p:[c-a]b", "p:bb", false},
        {"two ranges", "vfio_p:[0-9A-F]b", "p:Bb", true},
        {"between two ranges", "vfio_p:[0-9A-F]b", "p::b", false},
        {"a set that says no with `!`", "vfio_p:[!xa]b", "p:ab", false},
        {"a set that says no with `^`", "vfio_p:[^xa]b", "p:ab", false},
        {"a set that says no, and it isn't in it", "vfio_p:[!xy]b", "p:ab", true},
        {"`!` further on is a letter", "vfio_p:[a!]b", "p:!b", true},
        {"`]` first in a set is a letter", "vfio_p:[]a]b", "p:]b", true},
        {"`]` first behind `!` is a letter", "vfio_p:[!]a]b", "p:]b", false},
        {"`]` first behind `!`, and it isn't in it", "vfio_p:[!]a]b", "p:xb", true},
        {"a '-' at the end of a set is a letter, as is '_' here", "vfio_p:[a_]b", "p:-b", true},
        {"a '-' at the begin of a set is a letter", "vfio_p:[-a]b", "p:ab", true},
        {"`\\` in a set", "vfio_p:[\\]x]b", "p:]b", true},
        {"`\\` before the end of a range", "vfio_p:[a-\\c]b", "p:bb", true},
        {"`[` in a set is a letter", "vfio_p:[[]b", "p:[b", true},
        {"`*` and `?` in a set are letters", "vfio_p:[*?]b", "p:ab", false},
        {"a set is one letter", "vfio_p:[ab]", "p:ab", false},
        {"a set is not nothing", "vfio_p:ab[ab]", "p:ab", false},
        {"`[` without its `]`", "vfio_p:a[b", "p:ab", false},
        {"`[` without its `]`, not even itself", "vfio_p:a[b", "p:a[b", false},
        {"`[]` has no end", "vfio_p:[]", "p:]", false},
        {"`[!]` has no end", "vfio_p:[!]", "p:a", false},
        {"a `]` alone is a letter", "vfio_p:a]", "p:a]", true},
        {"`\\` before `*`", "vfio_p:\\*", "p:*", true},
        {"`\\` before `*`, which is one no more", "vfio_p:\\*", "p:ab", false},
        {"`\\` before a letter", "vfio_p:\\ab", "p:ab", true},
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

/* Often about a word of the sets long, or two. */
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

/* Of alias_next(): no letter may come next that it does not know of. */
static void check_next(const char *alias, const struct modalias *key) {
        struct alias_matcher matcher;

        alias_begin(key, &matcher);
        for (size_t i = 0; alias[i]; i++) {
                unsigned char c = (unsigned char)alias[i];
                uint64_t next[2] = {};
                bool escaped = matcher.escaped && !matcher.in_set;

                alias_next(&matcher, key, next);
                if (!alias_take(&matcher, key, alias, i))
                        return;
                assert_often(next[c / 64] >> (c % 64) & 1, "%s: letter %zu", alias, i);
                assert_often(!escaped || strchr(key->key, c), "%s: letter %zu", alias, i);
        }
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
                check_next(alias, &key);
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
        {"a star, and the bus can lie behind it", "*q:ab", true},
        {"a set for the bus", "vfio_[pq]:ab", true},
        {"a set without the bus", "vfio_[qr]:ab", false},
        {"`?` for the bus", "vfio_?:ab", true},
        {"an escaped bus", "vfio_\\p:ab", true},
        {"`[` without its `]` is a letter to nobody here", "vfio_p[:ab", false},
};

START_TEST(alias_matches_begin) {
        const __typeof__(*begin_rows) *row = &begin_rows[_i];
        struct modalias key, begin;

        ck_assert_int_eq(modalias_parse("p:xyz", &key), 0);
        modalias_begin(&key, &begin);
        ck_assert_str_eq(begin.key, "vfio_p:");
        ck_assert_str_eq(begin.generic, "vfio_p");
        ck_assert(begin.is_begin && !key.is_begin);
        assert_row(alias_match(row->alias, &begin) == row->matches, row);
}
END_TEST

/* What matches a key matches the begin of it, and what is said of the head is true. */
START_TEST(alias_of_key_matches_begin) {
        unsigned state = (unsigned)_i, n_matches = 0;

        for (int i = 0; i < N_RANDOM; i++) {
                char alias[256];
                struct modalias key, begin;
                size_t head;
                bool matches;

                random_alias(&state, alias);
                random_key(&state, &key);
                modalias_begin(&key, &begin);
                matches = alias_match(alias, &key);
                n_matches += matches;
                assert_often(!matches || alias_match(alias, &begin), "%s on %s", alias, key.key);
                check_next(alias, &begin);
                head = alias_head(alias);
                assert_often(strcspn(alias, "*?[\\") == head, "%s", alias);
                assert_often(strncmp(alias, key.key, head) != 0 ||
                                     alias_match_behind(alias, head, &key) == matches,
                             "%s on %s", alias, key.key);
        }
        ck_assert_uint_gt(n_matches, N_RANDOM / 100);
}
END_TEST

START_TEST(alias_next_is_narrow) {
        const uint64_t globs[2] = {UINT64_C(1) << '*' | UINT64_C(1) << '?',
                                   UINT64_C(1) << ('[' - 64) | UINT64_C(1) << ('\\' - 64)};
        struct modalias key;
        struct alias_matcher matcher;
        uint64_t next[2] = {};

        ck_assert_int_eq(modalias_parse("p:ab", &key), 0);
        alias_begin(&key, &matcher);
        for (size_t i = 0; i < key.length; i++) {
                next[0] = next[1] = 0;
                alias_next(&matcher, &key, next);
                ck_assert_uint_eq(next[0] & ~(key.key[i] < 64 ? UINT64_C(1) << key.key[i] : 0),
                                  globs[0]);
                ck_assert_uint_eq(next[1] & ~(key.key[i] < 64 ? 0 : UINT64_C(1) << key.key[i] % 64),
                                  globs[1]);
                ck_assert(alias_take(&matcher, &key, key.key, i));
        }
        ck_assert(alias_is_match(&matcher, &key));
        /* It adds to what is there */
        next[0] = next[1] = 1;
        alias_next(&matcher, &key, next);
        ck_assert(next[0] == (globs[0] | 1) && next[1] == (globs[1] | 1));
        ck_assert(!alias_take(&matcher, &key, "vfio_p:abx", 9));
}
END_TEST

/* No more letters are taken where nothing can match any more. */
static const struct {
        const char *why, *alias; /* on p:ab */
        size_t refused;
} refused_rows[] = {
        {"another letter", "vfio_p:axyz", 8},
        {"a letter behind the key", "vfio_p:abxyz", 9},
        {"`?` behind the key", "vfio_p:ab?yz", 9},
        {"a set that has it not", "vfio_p:[xy]yz", 10},
        {"a set behind the key", "vfio_p:ab[!x]yz", 12},
        {"an escaped letter", "vfio_p:a\\xyz", 9},
        {"an escaped byte beyond ASCII", "vfio_p:a\\\xffyz", 9},
        {"a byte beyond ASCII", "vfio_p:a\xffyz", 8},
        {"what can't come behind a star", "vfio_p:*xyz", 8},
        {"`?` too often behind a star", "vfio_p:*????", 10},
};

START_TEST(alias_is_given_up) {
        const __typeof__(*refused_rows) *row = &refused_rows[_i];
        struct alias_matcher matcher;
        struct modalias key;

        ck_assert_int_eq(modalias_parse("p:ab", &key), 0);
        alias_begin(&key, &matcher);
        for (size_t i = 0; i < row->refused; i++)
                assert_row(alias_take(&matcher, &key, row->alias, i), row);
        assert_row(!alias_take(&matcher, &key, row->alias, row->refused), row);
}
END_TEST

START_TEST(alias_has_bounds) {
        char alias[ALIAS_SIZE + 8];
        struct modalias key;

        ck_assert_int_eq(modalias_parse("p:ab", &key), 0);
        ck_assert(alias_match(repeated(alias, '*', ALIAS_SIZE - 1), &key));
        ck_assert(!alias_match(repeated(alias, '*', ALIAS_SIZE + 1), &key));
        /* No alias makes it slow: this one has more ways than there are atoms */
        for (size_t i = 0; i + 1 < ALIAS_SIZE; i++)
                alias[i] = i % 2 ? '?' : '*';
        alias[ALIAS_SIZE - 1] = '\0';
        ck_assert(!alias_match(alias, &key));
}
END_TEST

static const struct {
        const char *why, *alias;
        uint16_t wildcards, literals;
} weigh_rows[] = {
        {"nothing", "", 0, 0},
        {"letters", "vfio_pci:", 0, 9},
        {"the catch-all of PCI", "vfio_pci:v*d*sv*sd*bc*sc*i*", 7, 20},
        {"by id", "vfio_pci:v000015B3d0000101Esv*sd*bc*sc*i*", 5, 36},
        {"by class, modpost's star not counted", "vfio_pci:v*d*sv*sd*bc03sc02i00*", 4, 26},
        {"the same without that star", "vfio_pci:v*d*sv*sd*bc03sc02i00", 4, 26},
        {"by part of a class: the star is the author's", "vfio_pci:v*d*sv*sd*bc03sc02i*", 5, 24},
        {"CDX: `c` is a field", "vfio_cdx:v*d*sv*sd*c*", 5, 16},
        {"CDX with a class", "vfio_cdx:v*d*sv*sd*c018000*", 4, 22},
        {"an upper-case digit", "aF*", 0, 2},
        {"the letter behind the digits", "aG*", 1, 2},
        {"a lower-case letter that could be a digit", "af*", 1, 2},
        {"the digit 9", "a9*", 0, 2},
        {"behind the digits", "a:*", 1, 2},
        {"a star alone", "*", 1, 0},
        {"two at the end: only the last could be modpost's", "a0**", 2, 2},
        {"behind a digit, but not at the end", "a0*b", 1, 3},
        {"`?`", "a?", 1, 1},
        {"`?` at the end behind a digit", "a0?", 1, 2},
        {"a set is one wildcard", "a[bc]d", 1, 2},
        {"a range is one wildcard", "a[0-9A-F]", 1, 1},
        {"a star in a set is none", "a[*?]", 1, 1},
        {"a set with `]` first", "a[]b]c", 1, 2},
        {"a set with `!]` first", "a[!]b]c", 1, 2},
        {"a set with `^]` first", "a[^]b]c", 1, 2},
        {"a set with `\\]`", "a[b\\]c]d", 1, 2},
        {"two sets", "[a][b]", 2, 0},
        {"a `[` that never ends is a letter", "a[bc", 0, 4},
        {"`[]` never ends", "a[]", 0, 3},
        {"a star behind a set", "a[0]*", 2, 1},
        {"`\\*` is a letter", "a\\*b", 0, 3},
        {"`\\?` is a letter", "\\?", 0, 1},
        {"`\\[` is a letter", "\\[a]", 0, 3},
        {"`\\` at the end is a letter", "a\\", 0, 2},
};

START_TEST(alias_is_weighed) {
        const __typeof__(*weigh_rows) *row = &weigh_rows[_i];
        uint16_t wildcards = 77, literals = 77;

        alias_weigh(row->alias, &wildcards, &literals);
        assert_row(wildcards == row->wildcards && literals == row->literals, row);
}
END_TEST

static const struct {
        const char *why, *alias, *normalised;
} normalise_rows[] = {
        {"nothing to do", "vfio_pci:v*", "vfio_pci:v*"},
        {"'-' is '_'", "vfio-pci:a-b", "vfio_pci:a_b"},
        {"but not in a set", "a-[b-c]-d", "a_[b-c]_d"},
        {"nor in the second set", "[a-b]-[c-d]-", "[a-b]_[c-d]_"},
        {"nothing", "", ""},
};

START_TEST(alias_is_normalised) {
        const __typeof__(*normalise_rows) *row = &normalise_rows[_i];
        char got[32];

        alias_normalise(row->alias, strlen(row->alias), got);
        assert_row(strcmp(got, row->normalised) == 0, row);
        alias_normalise(row->alias, 0, got);
        assert_row(!got[0], row);
}
END_TEST

static void add_alias(TCase *tcase) {
        tcase_add_loop_test(tcase, alias_matches, 0, N_ROWS(match_rows));
        tcase_add_loop_test(tcase, alias_matches_as_fnmatch, 0, 5);
        tcase_add_loop_test(tcase, alias_is_given_up, 0, N_ROWS(refused_rows));
        tcase_add_loop_test(tcase, alias_matches_begin, 0, N_ROWS(begin_rows));
        tcase_add_loop_test(tcase, alias_of_key_matches_begin, 0, 5);
        tcase_add_test(tcase, alias_next_is_narrow);
        tcase_add_test(tcase, alias_has_bounds);
        tcase_add_loop_test(tcase, alias_is_weighed, 0, N_ROWS(weigh_rows));
        tcase_add_loop_test(tcase, alias_is_normalised, 0, N_ROWS(normalise_rows));
}

/* --- name.h --- */

static const struct {
        const char *why, *name;
        bool valid;
} name_rows[] = {
        {"a module", "mlx5_vfio_pci", true},
        {"a driver", "vfio-pci", true},
        {"all kinds of letters", "aZ09_-.+", true},
        {"one letter", "a", true},
        {"none", "", false},
        {"hidden, or a way up", ".a", false},
        {"the folder above", "..", false},
        {"a slash", "a/b", false},
        {"a blank", "a b", false},
        {"a newline", "a\n", false},
        {"a quote", "a\"", false},
        {"a glob", "a*", false},
        {"a byte beyond ASCII", "\xc3\xa4", false},
        {"a comma", "a,b", false},
        {"an at sign", "a@", false},
        {"as long as can be", "1234567890123456789012345678901234567890123456789012345", true},
        {"one letter more", "12345678901234567890123456789012345678901234567890123456", false},
};

START_TEST(name_has_letters) {
        const __typeof__(*name_rows) *row = &name_rows[_i];

        assert_row(name_is_valid(row->name, strlen(row->name)) == row->valid, row);
}
END_TEST

START_TEST(name_keeps_to_length) {
        ck_assert(name_is_valid("a b", 1));
        ck_assert(!name_is_valid("a", 0));
        ck_assert(!name_is_valid("a\0b", 3));
}
END_TEST

static const struct {
        const char *why, *a, *b;
        bool same;
} same_rows[] = {
        {"alike", "vfio_pci", "vfio_pci", true},
        {"'-' and '_'", "vfio-pci", "vfio_pci", true},
        {"mixed", "a-b_c", "a_b-c", true},
        {"the first longer", "vfio_pci2", "vfio_pci", false},
        {"the second longer", "vfio_pci", "vfio_pci2", false},
        {"another letter", "vfio_pci", "vfio_cdx", false},
        {"'-' is nothing else", "a-b", "a.b", false},
        {"nothing", "", "", true},
        {"nothing and '_'", "", "_", false},
};

START_TEST(name_of_same_module) {
        const __typeof__(*same_rows) *row = &same_rows[_i];

        assert_row(name_is_same_module(row->a, row->b) == row->same, row);
        assert_row(name_is_same_module(row->b, row->a) == row->same, row);
}
END_TEST

static const struct {
        const char *why, *module, *driver;
} driver_rows[] = {
        {"the generic one of PCI", "vfio_pci", "vfio-pci"},
        {"Intel's graphics", "xe_vfio_pci", "xe-vfio-pci"},
        {"the generic one of CDX", "vfio_cdx", "vfio-cdx"},
        {"a variant that is called as its module", "mlx5_vfio_pci", NULL},
        {"the driver is no module", "vfio-pci", NULL},
        {"longer", "vfio_pci_core", NULL},
        {"nothing", "", NULL},
};

START_TEST(name_of_known_driver) {
        const __typeof__(*driver_rows) *row = &driver_rows[_i];
        const char *driver = name_known_driver(row->module);

        assert_row(row->driver ? driver && strcmp(driver, row->driver) == 0 : !driver, row);
}
END_TEST

static void add_name(TCase *tcase) {
        tcase_add_loop_test(tcase, name_has_letters, 0, N_ROWS(name_rows));
        tcase_add_test(tcase, name_keeps_to_length);
        tcase_add_loop_test(tcase, name_of_same_module, 0, N_ROWS(same_rows));
        tcase_add_loop_test(tcase, name_of_known_driver, 0, N_ROWS(driver_rows));
}

/* --- rank.h --- */

/* Each is better than the next one: by one rule, against all that come behind it. */
static const struct {
        const char *why;
        struct candidate candidate;
} rank_rows[] = {
        {"the pin, whatever the rank says", {"x", "zz", 9, 9, 0, CANDIDATE_PINNED, false}},
        {"the administrator", {"x", "zz", 9, 9, 0, CANDIDATE_ADMIN, false}},
        {"fewest wildcards, whatever comes behind", {"x", "zz", 9, 1, 0, CANDIDATE_INDEX, false}},
        {"most literal letters", {"x", "zz", 9, 2, 9, CANDIDATE_INDEX, false}},
        {"fewer literal letters", {"x", "zz", 9, 2, 8, CANDIDATE_INDEX, false}},
        {"the generic module", {"x", "vfio_pci", 9, 3, 5, CANDIDATE_INDEX, false}},
        {"the lower priority", {"x", "zz", 1, 3, 5, CANDIDATE_INDEX, true}},
        {"a higher priority, an earlier name", {"x", "aa", 2, 3, 5, CANDIDATE_INDEX, false}},
        {"a later name", {"x", "ab", 2, 3, 5, CANDIDATE_INDEX, false}},
        {"a still later one, by byte: '_' is behind upper case",
         {"x", "a_", 0x80000000, 3, 5, CANDIDATE_INDEX, false}},
        {"one module in several ways: built in, whatever the alias",
         {"z", "b", 0x80000001, 3, 5, CANDIDATE_INDEX, true}},
        {"to be loaded, the first alias", {"a", "b", 0x80000001, 3, 5, CANDIDATE_INDEX, false}},
        {"the second alias", {"b", "b", 0x80000001, 3, 5, CANDIDATE_INDEX, false}},
        {"no alias, all else alike", {NULL, "b", 0x80000001, 3, 5, CANDIDATE_INDEX, false}},
        {"no alias", {NULL, "aa", 0, 0, 0, CANDIDATE_GENERIC, false}},
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

/* By what the strings say, not by where they lie. */
START_TEST(rank_knows_what_is_alike) {
        char alias[] = "a", module[] = "m";
        const struct candidate one = {"a", "m", 1, 2, 3, CANDIDATE_INDEX, false};
        const struct candidate other = {alias, module, 1, 2, 3, CANDIDATE_INDEX, false};

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
        const struct candidate cdx = {"x", "vfio_cdx", 2, 2, 3, CANDIDATE_INDEX, false};
        const struct candidate other = {"x", "aa", 1, 2, 3, CANDIDATE_INDEX, false};

        assert_row(candidate_compare(&cdx, &other, row->generic) * row->sign > 0, row);
}
END_TEST

/* Whatever the order in which they come. */
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
        const struct candidate first = {"a", "m", 1, 2, 3, CANDIDATE_INDEX, false};
        const struct candidate second = {alias, "m", 1, 2, 3, CANDIDATE_INDEX, false};
        struct candidate list[2];

        candidate_insert(list, 0, &first, "vfio_pci");
        candidate_insert(list, 1, &second, "vfio_pci");
        ck_assert_ptr_eq(list[0].alias, first.alias);
        ck_assert_ptr_eq(list[1].alias, alias);
}
END_TEST

static void add_rank(TCase *tcase) {
        tcase_add_loop_test(tcase, rank_is_total_order, 0, N_RANKED);
        tcase_add_test(tcase, rank_knows_what_is_alike);
        tcase_add_loop_test(tcase, rank_asks_for_own_generic, 0, N_ROWS(generic_rows));
        tcase_add_loop_test(tcase, rank_inserts, 0, 50);
        tcase_add_test(tcase, rank_inserts_behind_alike);
}

/* --- property.h --- */

static const struct {
        const char *why, *value;
        bool added;
} value_rows[] = {
        {"a driver", "mlx5_vfio_pci", true},
        {"an alias", "vfio_pci:v*d*sv*sd*bc*sc*i*", true},
        {"a glob with a set", "vfio_pci:[!a]?", true},
        {"the first letter that is seen", "!", true},
        {"the last letter that is seen", "~", true},
        {"nothing: udev refuses it", "", false},
        {"a blank", "a b", false},
        {"a blank first", " a", false},
        {"a newline: another property", "a\nb=c", false},
        {"a newline at the end", "a\n", false},
        {"a double quote", "a\"", false},
        {"a single quote", "a'", false},
        {"a backslash", "a\\", false},
        {"a dollar", "$a", false},
        {"a percent", "%a", false},
        {"a back quote", "`a`", false},
        {"DEL", "a\x7f", false},
        {"beyond ASCII", "\xc3\xa4", false},
        {"a control character", "\x1b[2J", false},
};

START_TEST(property_keeps_to_letters) {
        const __typeof__(*value_rows) *row = &value_rows[_i];
        struct property_text text = {.length = 0};
        char line[64];

        ck_assert(property_add(&text, "A", "b"));
        assert_row(property_add(&text, "KEY", row->value) == row->added, row);
        ck_assert(property_add(&text, "C", "d"));
        (void)snprintf(line, sizeof(line), "A=b\n%s%s%sC=d\n", row->added ? "KEY=" : "",
                       row->added ? row->value : "", row->added ? "\n" : "");
        assert_row(text.length == strlen(line), row);
        assert_row(memcmp(text.text, line, text.length) == 0, row);
}
END_TEST

/* Each byte: printable ASCII, and nothing to udev or a shell. */
START_TEST(property_knows_letters) {
        const char value[] = {'a', (char)_i, 'b', '\0'};
        struct property_text text = {.length = 0};
        bool plain = _i > 32 && _i < 127 && !strchr("\"'\\$%`", _i);

        ck_assert_int_eq(property_add(&text, "K", value), plain);
        ck_assert_uint_eq(text.length, plain ? strlen("K=a.b\n") : 0);
}
END_TEST

static const struct {
        const char *why;
        size_t before; /* bytes there already */
        size_t key, value;
        bool fits;
} room_rows[] = {
        {"all of it, to the byte", 0, 10, 500, true},
        {"one letter more", 0, 10, 501, false},
        {"what is left, to the byte", 500, 1, 9, true},
        {"one letter more than is left", 500, 1, 10, false},
        {"the key alone is too long", 500, 12, 1, false},
        {"the key has its place, and no `=`", 500, 11, 1, false},
        {"the key and `=`, and no value", 500, 10, 1, false},
        {"all is full", 512, 1, 1, false},
        {"a key far too long", 0, 600, 1, false},
        {"a value far too long", 0, 1, 900, false},
};

START_TEST(property_keeps_to_room) {
        const __typeof__(*room_rows) *row = &room_rows[_i];
        struct {
                struct property_text text;
                char behind[1024];
        } space;
        char key[1024], value[1024];

        memset(&space, '#', sizeof(space));
        space.text.length = row->before;
        assert_row(property_add(&space.text, repeated(key, 'K', row->key),
                                repeated(value, 'v', row->value)) == row->fits,
                   row);
        assert_row(space.text.length == row->before + (row->fits ? row->key + row->value + 2 : 0),
                   row);
        assert_row(is_untouched(space.text.text, row->before), row);
        assert_row(is_untouched(space.behind, sizeof(space.behind)), row);
        assert_row(!row->fits || space.text.text[space.text.length - 1] == '\n', row);
}
END_TEST

START_TEST(property_too_long_costs_only_itself) {
        struct property_text text = {.length = 0};
        char value[1024];

        ck_assert(property_add(&text, "A", "b"));
        ck_assert(!property_add(&text, "LONG", repeated(value, 'v', 600)));
        ck_assert(property_add(&text, "C", "d"));
        ck_assert_uint_eq(text.length, 8);
        ck_assert_int_eq(memcmp(text.text, "A=b\nC=d\n", 8), 0);
}
END_TEST

static void add_property(TCase *tcase) {
        tcase_add_loop_test(tcase, property_keeps_to_letters, 0, N_ROWS(value_rows));
        tcase_add_loop_test(tcase, property_knows_letters, 1, 256);
        tcase_add_loop_test(tcase, property_keeps_to_room, 0, N_ROWS(room_rows));
        tcase_add_test(tcase, property_too_long_costs_only_itself);
}

int main(void) {
        static const struct unit_case cases[] = {
                {"modalias", add_modalias}, {"alias", add_alias},       {"name", add_name},
                {"rank", add_rank},         {"property", add_property}, {},
        };

        return unit_run("core", cases);
}
