/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/udev: the records of a hwdb file, what is changed of them, and look-ups. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "database.h"
#include "hwdb.h"
#include "search.h"
#include "tag_edit.h"
#include "tag_text.h"
#include "unit.h"

#define SLOT  "vfio-variant:0000:3b:00.1:pci:v1d2*"
#define SLOT2 "vfio-variant:0000:3b:00.2:pci:v1d2*"
#define ALL   "vfio-variant:*:pci:v1d2*"
#define VF    "vfio-variant:vf:0000:3b:00.0:*"
#define ONE   "\n VFIO_VARIANT_BIND=1\n"

static struct tag_text text_of(const char *bytes) {
        return (struct tag_text){bytes, strlen(bytes)};
}

/* --- tag_text.h: which record is where, and whose --- */

static const struct {
        const char *why, *text;
        size_t n;
        bool is_ours, binds; /* the first */
        unsigned line;
        enum tag_kind kind;
} record_rows[] = {
        {"nothing", "", 0, false, false, 0, TAG_NONE},
        {"only space", "\n \n\t\n", 0, false, false, 0, TAG_NONE},
        {"only comments", "# " SLOT ONE, 0, false, false, 0, TAG_NONE},
        {"ours", SLOT ONE, 1, true, true, 1, TAG_SLOT},
        {"ours for all", ALL ONE, 1, true, true, 1, TAG_ALL},
        {"ours for functions", VF ONE, 1, true, true, 1, TAG_PHYSFN},
        {"ours by force", SLOT "\n VFIO_VARIANT_BIND=force\n", 1, true, true, 1, TAG_SLOT},
        {"ours with a pin", SLOT ONE " VFIO_VARIANT_PIN=a-b_c.1+\n", 1, true, true, 1, TAG_SLOT},
        {"without a newline at the end", SLOT "\n VFIO_VARIANT_BIND=1", 1, true, true, 1, TAG_SLOT},
        {"a comment above is none of it", "# x\n" SLOT ONE, 1, true, true, 2, TAG_SLOT},
        {"a comment below is none of it", SLOT ONE "# x\n", 1, true, true, 1, TAG_SLOT},
        {"a comment inside", SLOT "\n# x\n VFIO_VARIANT_BIND=1\n", 1, false, true, 1, TAG_SLOT},
        {"a comment at the end of a line", SLOT "\n VFIO_VARIANT_BIND=1 # x\n", 1, false, true, 1,
         TAG_SLOT},
        {"a comment that leaves no value", SLOT "\n VFIO_VARIANT_BIND=#1\n", 1, false, false, 1,
         TAG_SLOT},
        {"a blank behind", SLOT " " ONE, 1, false, true, 1, TAG_SLOT},
        {"two blanks before", SLOT "\n  VFIO_VARIANT_BIND=1\n", 1, false, false, 1, TAG_SLOT},
        {"a tab before", SLOT "\n\tVFIO_VARIANT_BIND=1\n", 1, false, false, 1, TAG_SLOT},
        {"two match lines", SLOT "\n" ALL ONE, 1, false, true, 1, TAG_SLOT},
        {"0", SLOT "\n VFIO_VARIANT_BIND=0\n", 1, false, false, 1, TAG_SLOT},
        {"nothing said", SLOT "\n VFIO_VARIANT_BIND=\n", 1, false, false, 1, TAG_SLOT},
        {"the last counts", SLOT ONE " VFIO_VARIANT_BIND=0\n", 1, false, false, 1, TAG_SLOT},
        {"another property", SLOT ONE " ID_X=1\n", 1, false, true, 1, TAG_SLOT},
        {"a pin alone", SLOT "\n VFIO_VARIANT_PIN=a\n", 1, false, false, 1, TAG_SLOT},
        {"a pin that is none", SLOT ONE " VFIO_VARIANT_PIN=a/b\n", 1, false, true, 1, TAG_SLOT},
        {"an empty pin", SLOT ONE " VFIO_VARIANT_PIN=\n", 1, false, true, 1, TAG_SLOT},
        {"two pins", SLOT ONE " VFIO_VARIANT_PIN=a\n VFIO_VARIANT_PIN=b\n", 1, false, true, 1,
         TAG_SLOT},
        {"no property", SLOT "\n\n", 1, false, false, 1, TAG_SLOT},
        {"another key", "usb:v1*" ONE, 1, false, true, 1, TAG_NONE},
        {"a stray line behind belongs to it, and is no record", SLOT ONE ALL "\n", 1, false, true,
         1, TAG_SLOT},
        {"a stray property before", " X=1\n" SLOT ONE, 1, true, true, 2, TAG_SLOT},
        {"two", SLOT ONE "\n" SLOT2 ONE, 2, true, true, 1, TAG_SLOT},
        {"a line of blanks separates", SLOT ONE " \t \n" SLOT2 ONE, 2, true, true, 1, TAG_SLOT},
        {"DOS line ends", SLOT "\r\n VFIO_VARIANT_BIND=1\r\n\r\n" SLOT2 ONE, 2, false, true, 1,
         TAG_SLOT},
};

START_TEST(records_are_found) {
        const __typeof__(*record_rows) *row = &record_rows[_i];
        struct tag_text text = text_of(row->text);
        struct tag_reader reader = tag_reader_new(&text);
        struct tag_record record, first = {};
        struct tag_text value;
        size_t n = 0;

        while (tag_reader_next(&reader, &record))
                if (n++ == 0)
                        first = record;
        assert_row(n == row->n, row);
        assert_row(first.is_ours == row->is_ours && first.line == row->line, row);
        assert_row(first.kind == row->kind, row);
        assert_row(n == 0 || tag_record_sets(&first, TAG_BIND, &value) == row->binds, row);
}
END_TEST

static int count_match(const struct tag_text *match, void *userdata) {
        int *n = userdata;

        ck_assert_uint_gt(match->length, 0);
        return ++*n == 3 ? 77 : 0;
}

START_TEST(matches_are_told) {
        struct tag_text text = text_of("a\n# x\nb\n X=1\n\nc\nd\ne\nf\n X=1\n");
        struct tag_reader reader = tag_reader_new(&text);
        struct tag_record record;
        int n = 0;

        ck_assert(tag_reader_next(&reader, &record));
        ck_assert_int_eq(tag_record_each_match(&record, count_match, &n), 0);
        ck_assert_int_eq(n, 2);
        ck_assert(tag_reader_next(&reader, &record));
        n = 0;
        ck_assert_int_eq(tag_record_each_match(&record, count_match, &n), 77);
        ck_assert_int_eq(n, 3);
        ck_assert(!tag_reader_next(&reader, &record));
}
END_TEST

START_TEST(record_is_read) {
        struct tag_text text =
                text_of(SLOT "\n VFIO_VARIANT_BIND=force\n VFIO_VARIANT_PIN=vfio-pci\n"
                             "\n" SLOT2 ONE);
        struct tag_reader reader = tag_reader_new(&text);
        struct tag_record record;
        struct tag_text pin;
        bool force;

        ck_assert(tag_reader_next(&reader, &record));
        tag_record_read(&record, &force, &pin);
        ck_assert(force && pin.length == strlen("vfio-pci"));
        ck_assert_int_eq(memcmp(pin.bytes, "vfio-pci", pin.length), 0);
        ck_assert(tag_reader_next(&reader, &record));
        tag_record_read(&record, &force, &pin);
        ck_assert(!force && pin.length == 0);
}
END_TEST

static void add_text(TCase *tcase) {
        tcase_add_loop_test(tcase, records_are_found, 0, N_ROWS(record_rows));
        tcase_add_test(tcase, matches_are_told);
        tcase_add_test(tcase, record_is_read);
}

/* --- tag_edit.h --- */

static const struct {
        const char *why, *match, *pin;
        int r;
} key_rows[] = {
        {"a slot", SLOT, NULL, 1},
        {"all", ALL, "vfio-pci", 1},
        {"functions", VF, NULL, 1},
        {"no key of ours", "usb:*", NULL, -EINVAL},
        {"nothing", "", NULL, -EINVAL},
        {"a newline", SLOT "\nX", NULL, -EINVAL},
        {"a blank", SLOT " X", NULL, -EINVAL},
        {"a comment", SLOT "#", NULL, -EINVAL},
        {"a control character", SLOT "\x1b", NULL, -EINVAL},
        {"no ASCII", SLOT "\xc3\xa9", NULL, -EINVAL},
        {"a pin with a newline", SLOT, "a\nb", -EINVAL},
        {"an empty pin", SLOT, "", -EINVAL},
        {"a path as a pin", SLOT, "../x", -EINVAL},
};

START_TEST(keys_are_checked) {
        const __typeof__(*key_rows) *row = &key_rows[_i];
        const struct tag tag = {.match = row->match, .pin = row->pin};
        struct tag_text old = {"", 0}, new = {"untouched", 9};
        struct arena arena = {};

        assert_row(tag_edit_set(&old, &tag, &arena, &new) == row->r, row);
        assert_row((row->r < 0) == (new.length == 9), row);
        arena_done(&arena);
}
END_TEST

/* Where a tag goes; the file has lines already, so that it gets no head. */
static const struct {
        const char *why, *old, *match, *new;
} place_rows[] = {
        {"at the end", "# x\n", SLOT, "# x\n\n" SLOT ONE},
        {"at the end, which lacks its newline", "# x", SLOT, "# x\n\n" SLOT ONE},
        {"behind an equal kind", SLOT2 ONE, SLOT, SLOT2 ONE "\n" SLOT ONE},
        {"all before functions", VF ONE, ALL, ALL ONE "\n" VF ONE},
        {"all before a slot", "# x\n\n" SLOT ONE, ALL, "# x\n\n" ALL ONE "\n" SLOT ONE},
        {"functions between", ALL ONE "\n" SLOT ONE, VF, ALL ONE "\n" VF ONE "\n" SLOT ONE},
        {"a comment stays with its record", "# mine\n" SLOT ONE, ALL,
         ALL ONE "\n# mine\n" SLOT ONE},
        {"in the place of the old", SLOT "\n VFIO_VARIANT_BIND=force\n\n" SLOT2 ONE, SLOT,
         SLOT ONE "\n" SLOT2 ONE},
        {"in the place of the last of two", SLOT ONE "\n" SLOT "\n VFIO_VARIANT_BIND=force\n", SLOT,
         SLOT ONE "\n" SLOT ONE},
        {"as it is", "# x\n\n" SLOT ONE, SLOT, "# x\n\n" SLOT ONE},
};

START_TEST(tag_is_placed) {
        const __typeof__(*place_rows) *row = &place_rows[_i];
        const struct tag tag = {.match = row->match};
        struct tag_text old = text_of(row->old), new = {};
        struct arena arena = {};
        int r = tag_edit_set(&old, &tag, &arena, &new);

        assert_row(r == (strcmp(row->old, row->new) != 0), row);
        assert_row(new.length == strlen(row->new) && memcmp(new.bytes, row->new, new.length) == 0,
                   row);
        arena_done(&arena);
}
END_TEST

static void count_removed(const struct tag_record *record, void *userdata) {
        int *n = userdata;

        ck_assert(record->is_ours);
        ++*n;
}

static const struct {
        const char *why, *old, *match;
        bool is_prefix;
        int n;
        const char *new;
} remove_rows[] = {
        {"it is not there", "# x\n", SLOT, false, 0, "# x\n"},
        {"of nothing", "", SLOT, false, 0, ""},
        {"alone", SLOT ONE, SLOT, false, 1, ""},
        {"at the end", "# x\n\n" SLOT ONE, SLOT, false, 1, "# x\n"},
        {"at the start", SLOT ONE "\n# x\n", SLOT, false, 1, "# x\n"},
        {"between", ALL ONE "\n" SLOT ONE "\n" SLOT2 ONE, SLOT, false, 1, ALL ONE "\n" SLOT2 ONE},
        {"below its comment", "# x\n" SLOT ONE "\n# y\n", SLOT, false, 1, "# x\n\n# y\n"},
        {"twice there", SLOT ONE "\n" SLOT ONE, SLOT, false, 2, ""},
        {"twice there, among others", "# x\n\n" SLOT ONE "\n" SLOT ONE "\n# y\n", SLOT, false, 2,
         "# x\n\n# y\n"},
        {"not a longer one", SLOT "x" ONE, SLOT, false, 0, SLOT "x" ONE},
        {"by its beginning", SLOT ONE "\n" SLOT2 ONE, "vfio-variant:0000:3b:00.1:", true, 1,
         SLOT2 ONE},
        {"none of a person's", SLOT "\n VFIO_VARIANT_BIND=0\n", SLOT, false, 0,
         SLOT "\n VFIO_VARIANT_BIND=0\n"},
};

START_TEST(tag_is_removed) {
        const __typeof__(*remove_rows) *row = &remove_rows[_i];
        struct tag_text old = text_of(row->old), new = {};
        struct arena arena = {};
        int n = 0;
        int r = tag_edit_remove(&old, row->match, row->is_prefix, count_removed, &n, &arena, &new);

        assert_row(r == row->n && n == row->n, row);
        assert_row(new.length == strlen(row->new) && memcmp(new.bytes, row->new, new.length) == 0,
                   row);
        arena_done(&arena);
}
END_TEST

/* What a file may be made of. A piece that ends a line as well as one that doesn't. */
static const char *const pieces[] = {
        (SLOT2 ONE),
        (ALL ONE),
        (VF ONE),
        SLOT,
        ALL,
        "usb:*",
        " ID_X=1",
        " VFIO_VARIANT_BIND=1",
        " VFIO_VARIANT_BIND=force",
        " VFIO_VARIANT_PIN=x",
        "# word",
        "#",
        " ",
        "\t",
        "\r",
        "\n",
        "\n\n",
        "\n\n\n",
        "vfio-variant:",
        "vfio-variant:vf:",
        "x",
        "\x1b",
        "\xff",
};
#define N_PIECES     (sizeof(pieces) / sizeof(pieces[0]))
#define N_TEXTS      20000
#define RANDOM_BYTES 4096

static struct tag_text random_text(char buffer[RANDOM_BYTES], unsigned *state) {
        unsigned n = next_random(state, 20);
        size_t length = 0;

        while (n-- > 0) {
                const char *piece = pieces[next_random(state, N_PIECES)];

                memcpy(buffer + length, piece, strlen(piece));
                length += strlen(piece);
                if (next_random(state, 8) == 0)
                        buffer[length++] = '\0'; /* a file may hold one */
        }
        buffer[length++] = '\n';
        return (struct tag_text){buffer, length};
}

static bool has_ours(const struct tag_text *text, const char *match) {
        struct tag_reader reader = tag_reader_new(text);
        struct tag_record record;

        while (tag_reader_next(&reader, &record))
                if (record.is_ours && record.match.length == strlen(match) &&
                    memcmp(record.match.bytes, match, record.match.length) == 0)
                        return true;
        return false;
}

/* Are all lines of OLD in NEW, in their order? */
static bool keeps_lines(const struct tag_text *old, const struct tag_text *new) {
        const char *at = new->bytes, *end = new->bytes + new->length;
        const char *line = old->bytes, *old_end = old->bytes + old->length;

        while (line < old_end) {
                const char *newline = memchr(line, '\n', (size_t)(old_end - line));
                size_t n = (size_t)(newline + 1 - line);

                for (;;) {
                        const char *next = memchr(at, '\n', (size_t)(end - at));
                        bool same;

                        if (!next)
                                return false;
                        same = (size_t)(next + 1 - at) == n && memcmp(at, line, n) == 0;
                        at = next + 1;
                        if (same)
                                break;
                }
                line += n;
        }
        return true;
}

START_TEST(random_texts_are_kept) {
        static const char *const matches[] = {SLOT, ALL "x", VF "x"};
        unsigned state = 20261125;

        for (int i = 0; i < N_TEXTS; i++) {
                char buffer[RANDOM_BYTES];
                struct tag_text old = random_text(buffer, &state), new = {}, back = {};
                const struct tag tag = {.match = matches[i % 3], .force = i % 2};
                struct arena arena = {};
                int n = 0;

                if (has_ours(&old, tag.match))
                        continue;
                assert_often(tag_edit_set(&old, &tag, &arena, &new) == 1, "text %d: set", i);
                assert_often(has_ours(&new, tag.match), "text %d: it is not there", i);
                assert_often(keeps_lines(&old, &new), "text %d: a line was lost", i);
                assert_often(tag_edit_set(&new, &tag, &arena, &back) == 0, "text %d: twice", i);
                assert_often(tag_edit_remove(&new, tag.match, false, count_removed, &n, &arena,
                                             &back) == 1,
                             "text %d: %d removed", i, n);
                assert_often(back.length == old.length || !has_ours(&back, tag.match),
                             "text %d: it is still there", i);
                arena_done(&arena);
        }
}
END_TEST

START_TEST(memory_may_be_short) {
        const struct tag tag = {.match = SLOT};
        struct tag_text old = text_of(ALL ONE), new = {"untouched", 9};
        struct arena arena = {};
        int n = 0, set, removed;

        memory_is_short();
        set = tag_edit_set(&old, &tag, &arena, &new);
        removed = tag_edit_remove(&old, ALL, false, count_removed, &n, &arena, &new);
        memory_is_back();
        ck_assert_int_eq(set, -ENOMEM);
        ck_assert_int_eq(removed, -ENOMEM);
        ck_assert_int_eq((int)new.length, 9);
        ck_assert_int_eq(n, 0);
}
END_TEST

static void add_edit(TCase *tcase) {
        tcase_add_loop_test(tcase, keys_are_checked, 0, N_ROWS(key_rows));
        tcase_add_loop_test(tcase, tag_is_placed, 0, N_ROWS(place_rows));
        tcase_add_loop_test(tcase, tag_is_removed, 0, N_ROWS(remove_rows));
        tcase_add_test(tcase, random_texts_are_kept);
        tcase_add_test(tcase, memory_may_be_short);
}

/* --- database.h, hwdb.h, search.h --- */

static struct udev *open_udev(void) {
        struct udev *udev = NULL;

        ck_assert_int_eq(database_open(&udev), 0);
        ck_assert_ptr_nonnull(udev);
        return udev;
}

START_TEST(no_such_device) {
        char driver[16] = "untouched";
        const struct database_property wanted[] = {{"DRIVER", driver, sizeof(driver)}, {}};
        struct udev *udev = open_udev();

        ck_assert_int_eq(database_read(udev, "/sys/devices/0000:ff:1f.7", wanted), -ENODEV);
        ck_assert_int_eq(database_read(udev, "/sys/no-such-folder/x", wanted), -ENODEV);
        ck_assert_str_eq(driver, "untouched");
        database_close(udev);
        database_close(NULL);
}
END_TEST

START_TEST(no_hwdb) {
        char value[8] = "x";

        ck_assert_int_eq(hwdb_value(NULL, "vfio-variant:none:pci:v1", "X", value, sizeof(value)),
                         0);
        ck_assert_str_eq(value, "");
        hwdb_close(NULL);
}
END_TEST

struct seen {
        int n, stop_at;
};

static int see(const char *subsystem, const char *sysname, void *userdata) {
        struct seen *seen = userdata;

        ck_assert(strcmp(subsystem, "pci") == 0 || strcmp(subsystem, "cdx") == 0);
        ck_assert(sysname[0] && !strchr(sysname, '/'));
        return ++seen->n == seen->stop_at ? 77 : 0;
}

START_TEST(devices_are_found) {
        struct seen all = {}, one = {.stop_at = 1};
        struct udev *udev = open_udev();

        ck_assert_int_eq(search_all(udev, see, &all), 0);
        if (all.n == 0)
                (void)fprintf(stderr, "this machine has no PCI device: tested without one\n");
        else
                ck_assert_int_eq(search_all(udev, see, &one), 77);
        ck_assert_int_eq(one.n, all.n > 0);
        database_close(udev);
}
END_TEST

static void add_look_ups(TCase *tcase) {
        tcase_add_test(tcase, no_such_device);
        tcase_add_test(tcase, no_hwdb);
        tcase_add_test(tcase, devices_are_found);
}

int main(void) {
        static const struct unit_case cases[] = {
                {"text", add_text},
                {"edit", add_edit},
                {"look-ups", add_look_ups},
                {},
        };

        return unit_run("udev", cases);
}
