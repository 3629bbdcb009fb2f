/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/core: the text of properties. */
#include <stdio.h>
#include <string.h>

#include "property_text.h"
#include "unit.h"

static const struct {
        const char *why, *value;
        bool added;
} value_rows[] = {
        {"a driver", "mlx5_vfio_pci", true},
        {"an alias", "vfio_pci:v*d*sv*sd*bc*sc*i*", true},
        {"a glob with a set", "vfio_pci:[!a]?", true},
        {"the first character that is seen", "!", true},
        {"the last character that is seen", "~", true},
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

START_TEST(property_keeps_to_characters) {
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
START_TEST(property_recognises_characters) {
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
        {"one character more", 0, 10, 501, false},
        {"what is left, to the byte", 500, 1, 9, true},
        {"one character more than is left", 500, 1, 10, false},
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
                char after[1024];
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
        assert_row(is_untouched(space.after, sizeof(space.after)), row);
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
        tcase_add_loop_test(tcase, property_keeps_to_characters, 0, N_ROWS(value_rows));
        tcase_add_loop_test(tcase, property_recognises_characters, 1, 256);
        tcase_add_loop_test(tcase, property_keeps_to_room, 0, N_ROWS(room_rows));
        tcase_add_test(tcase, property_too_long_costs_only_itself);
}

int main(void) {
        static const struct unit_case cases[] = {
                {"property", add_property},
                {},
        };

        return unit_run("property_text", cases);
}
