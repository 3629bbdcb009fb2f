/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/core: the text of an alias, its weight and its usual form. */
#include <stdint.h>
#include <string.h>

#include "alias.h"
#include "unit.h"

static const struct {
        const char *why, *alias;
        uint16_t wildcards, literals;
} weigh_rows[] = {
        {"nothing", "", 0, 0},
        {"characters", "vfio_pci:", 0, 9},
        {"the catch-all of PCI", "vfio_pci:v*d*sv*sd*bc*sc*i*", 7, 20},
        {"by id", "vfio_pci:v000015B3d0000101Esv*sd*bc*sc*i*", 5, 36},
        {"by class, modpost's star not counted", "vfio_pci:v*d*sv*sd*bc03sc02i00*", 4, 26},
        {"the same without that star", "vfio_pci:v*d*sv*sd*bc03sc02i00", 4, 26},
        {"by part of a class: the star is the author's", "vfio_pci:v*d*sv*sd*bc03sc02i*", 5, 24},
        {"CDX: `c` is a field", "vfio_cdx:v*d*sv*sd*c*", 5, 16},
        {"CDX with a class", "vfio_cdx:v*d*sv*sd*c018000*", 4, 22},
        {"an upper-case digit", "aF*", 0, 2},
        {"the character after the digits", "aG*", 1, 2},
        {"a lower-case hexadecimal digit", "af*", 1, 2},
        {"the digit 9", "a9*", 0, 2},
        {"after the digits", "a:*", 1, 2},
        {"a star alone", "*", 1, 0},
        {"two at the end: only the last could be modpost's", "a0**", 2, 2},
        {"after a digit, but not at the end", "a0*b", 1, 3},
        {"`?`", "a?", 1, 1},
        {"`?` at the end after a digit", "a0?", 1, 2},
        {"a set is one wildcard", "a[bc]d", 1, 2},
        {"a range is one wildcard", "a[0-9A-F]", 1, 1},
        {"a star in a set is none", "a[*?]", 1, 1},
        {"a set with `]` first", "a[]b]c", 1, 2},
        {"a set with `!]` first", "a[!]b]c", 1, 2},
        {"a set with `^]` first", "a[^]b]c", 1, 2},
        {"a set with `\\]`", "a[b\\]c]d", 1, 2},
        {"two sets", "[a][b]", 2, 0},
        {"a `[` that never ends is a character", "a[bc", 0, 4},
        {"`[]` never ends", "a[]", 0, 3},
        {"a star after a set", "a[0]*", 2, 1},
        {"`\\*` is a character", "a\\*b", 0, 3},
        {"`\\?` is a character", "\\?", 0, 1},
        {"`\\[` is a character", "\\[a]", 0, 3},
        {"`\\` at the end is a character", "a\\", 0, 2},
};

START_TEST(alias_is_weighed) {
        const __typeof__(*weigh_rows) *row = &weigh_rows[_i];
        uint16_t wildcards = 77, literals = 77;

        alias_count(row->alias, &wildcards, &literals);
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

static void add_alias_text(TCase *tcase) {
        tcase_add_loop_test(tcase, alias_is_weighed, 0, N_ROWS(weigh_rows));
        tcase_add_loop_test(tcase, alias_is_normalised, 0, N_ROWS(normalise_rows));
}

int main(void) {
        static const struct unit_case cases[] = {
                {"alias_text", add_alias_text},
                {},
        };

        return unit_run("alias-text", cases);
}
