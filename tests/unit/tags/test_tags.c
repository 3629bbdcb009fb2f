/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/tags: records of a hwdb file, match keys, and names of files. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "hwdb_text.h"
#include "tag_key.h"
#include "tag_name.h"
#include "unit.h"

#define MODALIAS "pci:v000015B3d0000101Esv000015B3sd00000001bc02sc00i00"
#define SLOT     "vfio-variant:device:0000:3b:00.1:pci:v1d2*"
#define SLOT2    "vfio-variant:device:0000:3b:00.2:pci:v1d2*"
#define ALL      "vfio-variant:pci:v1d2*"
#define ONE      "\n VFIO_VARIANT_BIND=1\n"

/* --- hwdb_text.h --- */

static struct hwdb_text text_of(const char *bytes) {
        return (struct hwdb_text){bytes, strlen(bytes)};
}

static const struct {
        const char *why, *text;
        size_t n;
        bool binds;    /* the first sets VFIO_VARIANT_BIND */
        unsigned line; /* of the first */
} record_rows[] = {
        {"nothing", "", 0, false, 0},
        {"only space", "\n \n\t\n", 0, false, 0},
        {"only comments", "# " SLOT ONE, 0, false, 0},
        {"a record", SLOT ONE, 1, true, 1},
        {"without a newline at the end", SLOT "\n VFIO_VARIANT_BIND=1", 1, true, 1},
        {"a comment above is none of it", "# x\n" SLOT ONE, 1, true, 2},
        {"a comment below is none of it", SLOT ONE "# x\n", 1, true, 1},
        {"a comment inside", SLOT "\n# x\n VFIO_VARIANT_BIND=1\n", 1, true, 1},
        {"a comment at the end of a line", SLOT "\n VFIO_VARIANT_BIND=1 # x\n", 1, true, 1},
        {"a comment that leaves no value", SLOT "\n VFIO_VARIANT_BIND=#1\n", 1, false, 1},
        {"a space after it", SLOT " " ONE, 1, true, 1},
        {"two blanks before", SLOT "\n  VFIO_VARIANT_BIND=1\n", 1, false, 1},
        {"a tab before", SLOT "\n\tVFIO_VARIANT_BIND=1\n", 1, false, 1},
        {"two match lines", SLOT "\n" ALL ONE, 1, true, 1},
        {"0", SLOT "\n VFIO_VARIANT_BIND=0\n", 1, true, 1},
        {"nothing said", SLOT "\n VFIO_VARIANT_BIND=\n", 1, false, 1},
        {"the last counts", SLOT ONE " VFIO_VARIANT_BIND=0\n", 1, true, 1},
        {"another property", SLOT ONE " ID_X=1\n", 1, true, 1},
        {"a pin alone", SLOT "\n VFIO_VARIANT_PIN=a\n", 1, false, 1},
        {"no property", SLOT "\n\n", 1, false, 1},
        {"another key", "usb:v1*" ONE, 1, true, 1},
        {"a stray line after it belongs to it, and is no record", SLOT ONE ALL "\n", 1, true, 1},
        {"a stray property before", " X=1\n" SLOT ONE, 1, true, 2},
        {"two", SLOT ONE "\n" SLOT2 ONE, 2, true, 1},
        {"a line of blanks separates", SLOT ONE " \t \n" SLOT2 ONE, 2, true, 1},
        {"DOS line ends", SLOT "\r\n VFIO_VARIANT_BIND=1\r\n\r\n" SLOT2 ONE, 2, true, 1},
};

START_TEST(records_are_found) {
        const __typeof__(*record_rows) *row = &record_rows[_i];
        struct hwdb_text text = text_of(row->text), value;
        struct hwdb_reader reader = hwdb_reader_new(&text);
        struct hwdb_record record, first = {};
        size_t n = 0;

        while (hwdb_reader_next(&reader, &record))
                if (n++ == 0)
                        first = record;
        assert_row(n == row->n, row);
        assert_row(first.line == row->line, row);
        assert_row(n == 0 || hwdb_record_sets(&first, "VFIO_VARIANT_BIND", &value) == row->binds,
                   row);
}
END_TEST

/* Value "": not set. */
static const struct {
        const char *why, *text, *property, *value;
} value_rows[] = {
        {"a value", SLOT ONE, "VFIO_VARIANT_BIND", "1"},
        {"the last counts", SLOT ONE " VFIO_VARIANT_BIND=0\n", "VFIO_VARIANT_BIND", "0"},
        {"another property", SLOT ONE, "VFIO_VARIANT_PIN", ""},
        {"a property that begins alike", SLOT "\n VFIO_VARIANT_PINS=a\n", "VFIO_VARIANT_PIN", ""},
        {"a property that ends alike", SLOT "\n X_VFIO_VARIANT_PIN=a\n", "VFIO_VARIANT_PIN", ""},
        {"a value with an equals sign", SLOT "\n VFIO_VARIANT_PIN=a=b\n", "VFIO_VARIANT_PIN",
         "a=b"},
        {"a comment after it", SLOT "\n VFIO_VARIANT_PIN=a # b\n", "VFIO_VARIANT_PIN", "a"},
        {"a property only", SLOT "\n VFIO_VARIANT_PIN\n", "VFIO_VARIANT_PIN", ""},
};

START_TEST(values_are_read) {
        const __typeof__(*value_rows) *row = &value_rows[_i];
        struct hwdb_text text = text_of(row->text), value = {};
        struct hwdb_reader reader = hwdb_reader_new(&text);
        struct hwdb_record record;

        ck_assert(hwdb_reader_next(&reader, &record));
        assert_row(hwdb_record_sets(&record, row->property, &value) == (*row->value != '\0'), row);
        assert_row(value.length == strlen(row->value) &&
                           strncmp(row->value, value.length ? value.bytes : "", value.length) == 0,
                   row);
}
END_TEST

/* Adds the line and the first character of each. */
static int note_match(const struct hwdb_text *match, unsigned line, void *userdata) {
        char *noted = userdata;
        size_t n = strlen(noted);

        ck_assert_uint_gt(match->length, 0);
        (void)snprintf(noted + n, 64 - n, "%u%c ", line, match->bytes[0]);
        return match->bytes[0] == 'e' ? 77 : 0;
}

START_TEST(matches_are_reported) {
        struct hwdb_text text = text_of("# y\na\n# x\nb\n X=1\n\nc\nd\ne\nf\n X=1\n");
        struct hwdb_reader reader = hwdb_reader_new(&text);
        struct hwdb_record record;
        char noted[64] = "";

        ck_assert(hwdb_reader_next(&reader, &record));
        ck_assert_int_eq(hwdb_record_each_match(&record, note_match, noted), 0);
        ck_assert_str_eq(noted, "2a 4b ");
        ck_assert(hwdb_reader_next(&reader, &record));
        ck_assert_int_eq(hwdb_record_each_match(&record, note_match, noted), 77);
        ck_assert_str_eq(noted, "2a 4b 7c 8d 9e ");
        ck_assert(!hwdb_reader_next(&reader, &record));
}
END_TEST

/* The pieces of a file, with and without a newline at the end. */
static const char *const pieces[] = {(SLOT2 ONE),
                                     (ALL ONE),
                                     SLOT,
                                     "usb:*",
                                     " ID_X=1",
                                     " VFIO_VARIANT_BIND=1",
                                     " VFIO_VARIANT_PIN=x",
                                     "# word",
                                     "#",
                                     " ",
                                     "\t",
                                     "\r",
                                     "\n",
                                     "\n\n",
                                     "x",
                                     "\xff"};
#define N_TEXTS      20000
#define RANDOM_BYTES 4096

static struct hwdb_text random_text(char buffer[RANDOM_BYTES], unsigned *state) {
        unsigned n = next_random(state, 20);
        size_t length = 0;

        while (n-- > 0) {
                const char *piece = pieces[next_random(state, N_ROWS(pieces))];

                memcpy(buffer + length, piece, strlen(piece));
                length += strlen(piece);
                if (next_random(state, 8) == 0)
                        buffer[length++] = '\0'; /* a file may contain one */
        }
        return (struct hwdb_text){buffer, length};
}

static int count_match(const struct hwdb_text *match, unsigned line, void *userdata) {
        (void)match;
        ck_assert_uint_gt(line, 0);
        ++*(int *)userdata;
        return 0;
}

/* Records follow one another, and lie within the text. */
START_TEST(random_texts_are_read) {
        unsigned state = 20261125;

        for (int i = 0; i < N_TEXTS; i++) {
                char buffer[RANDOM_BYTES];
                struct hwdb_text text = random_text(buffer, &state), value;
                struct hwdb_reader reader = hwdb_reader_new(&text);
                const char *end = text.bytes;
                struct hwdb_record record;
                int n = 0;

                while (hwdb_reader_next(&reader, &record)) {
                        assert_often(record.start >= end && record.end > record.start, "text %d",
                                     i);
                        end = record.end;
                        assert_often(end <= text.bytes + text.length, "text %d: too far", i);
                        (void)hwdb_record_each_match(&record, count_match, &n);
                        if (hwdb_record_sets(&record, "VFIO_VARIANT_PIN", &value))
                                assert_often(value.bytes + value.length <= end, "text %d: pin", i);
                }
                assert_often(n >= 0, "text %d", i);
        }
}
END_TEST

static void add_text(TCase *tcase) {
        tcase_add_loop_test(tcase, records_are_found, 0, N_ROWS(record_rows));
        tcase_add_loop_test(tcase, values_are_read, 0, N_ROWS(value_rows));
        tcase_add_test(tcase, matches_are_reported);
        tcase_add_test(tcase, random_texts_are_read);
}

/* --- tag_key.h --- */

/* Key NULL: -EINVAL. */
static const struct {
        const char *why, *sysname, *modalias, *key;
} device_rows[] = {
        {"a PCI device", "0000:3b:00.1", MODALIAS,
         "vfio-variant:device:0000:3b:00.1:pci:v000015B3d0000101E*"},
        {"a CDX device", "cdx-00:00", "cdx:v10EEd8084sv10EEsd0001c020000",
         "vfio-variant:device:cdx-00:00:cdx:v10EEd8084*"},
        {"no modalias", "0000:3b:00.1", "", NULL},
        {"no sysname", "", MODALIAS, NULL},
        {"another bus", "1-1", "usb:v1d2sv3", NULL},
        {"no ids", "0000:3b:00.1", "pci:x", NULL},
        {"no vendor", "0000:3b:00.1", "pci:d1sv2", NULL},
        {"a wildcard in the sysname", "0000:*", MODALIAS, NULL},
        {"a wildcard in the modalias", "0000:3b:00.1", "pci:v1*sv2", NULL},
        {"a blank", "0000:3b:00.1", "pci:v1 sv2", NULL},
        {"a newline", "0000:3b:00.1\n", MODALIAS, NULL},
        {"a comment", "0000:3b:00.1#", MODALIAS, NULL},
        {"no ASCII", "0000:3b:00.1", "pci:v\xc3\xa9sv", NULL},
};

START_TEST(device_has_a_key) {
        const __typeof__(*device_rows) *row = &device_rows[_i];
        char key[TAG_KEY_SIZE] = "untouched";
        int r = tag_key_of_device(row->sysname, row->modalias, key);

        assert_row(r == (row->key ? 0 : -EINVAL), row);
        assert_row(strcmp(key, row->key ? row->key : "untouched") == 0, row);
        assert_row(!row->key || tag_key_is_valid(key), row);
}
END_TEST

/* Arguments NULL: the key is not valid. */
static const struct {
        const char *why, *key, *arguments;
} key_rows[] = {
        {"a device", "vfio-variant:device:0000:3b:00.1:pci:v1d2*", "0000:3b:00.1"},
        {"a CDX device", "vfio-variant:device:cdx-00:00:cdx:v1d2*", "cdx-00:00"},
        {"virtual functions", "vfio-variant:vfs-of:0000:3b:00.0:*", "--vfs-of=0000:3b:00.0"},
        {"a kind", "vfio-variant:pci:v1d2*", "--modalias='pci:v1d2*'"},
        {"a kind with a set", "vfio-variant:cdx:v[!1-3]?*", "--modalias='cdx:v[!1-3]?*'"},
        {"nothing", "", NULL},
        {"no kind", "vfio-variant:", NULL},
        {"another key", "usb:v1*", NULL},
        {"another bus", "vfio-variant:usb:v1*", NULL},
        {"a device without its modalias", "vfio-variant:device:0000:3b:00.1", NULL},
        {"an old key", "vfio-variant:0000:3b:00.1:pci:v1d2*", NULL},
        {"a quote", "vfio-variant:pci:v1'*", NULL},
        {"a newline", "vfio-variant:pci:v1\n*", NULL},
        {"a blank", "vfio-variant:device:0000:3b:00.1:pci:v1 *", NULL},
};

START_TEST(keys_are_checked) {
        const __typeof__(*key_rows) *row = &key_rows[_i];
        char arguments[TAG_KEY_SIZE];

        assert_row(tag_key_is_valid(row->key) == !!row->arguments, row);
        if (!row->arguments)
                return;
        tag_key_arguments(row->key, arguments);
        assert_row(strcmp(arguments, row->arguments) == 0, row);
}
END_TEST

START_TEST(other_keys_are_made) {
        char key[TAG_KEY_SIZE];

        ck_assert_int_eq(tag_key_of_functions("0000:3b:00.0", key), 0);
        ck_assert_str_eq(key, "vfio-variant:vfs-of:0000:3b:00.0:*");
        ck_assert_int_eq(tag_key_of_functions("0000:*", key), -EINVAL);
        ck_assert_int_eq(tag_key_of_kind("pci:v1*", key), 0);
        ck_assert_str_eq(key, "vfio-variant:pci:v1*");
        ck_assert_int_eq(tag_key_of_kind("usb:v1*", key), -EINVAL);
        ck_assert_int_eq(tag_key_of_kind("*", key), -EINVAL);
        ck_assert_int_eq(tag_key_of_kind("pci:v[!01]d[]]*", key), 0);
        ck_assert_int_eq(tag_key_of_kind("pci:v[*", key), -EINVAL);
        ck_assert_int_eq(tag_key_of_kind("pci:v[!", key), -EINVAL);
        ck_assert_int_eq(tag_key_of_kind("pci:v[]*", key), -EINVAL);
        ck_assert_int_eq(tag_key_of_kind("pci:v[0]d[", key), -EINVAL);
        ck_assert_int_eq(tag_key_prefix("0000:3b:00.0", false, key), 0);
        ck_assert_str_eq(key, "vfio-variant:device:0000:3b:00.0:");
        ck_assert_int_eq(tag_key_prefix("0000:3b:00.0", true, key), 0);
        ck_assert_str_eq(key, "vfio-variant:vfs-of:0000:3b:00.0:");
        ck_assert_int_eq(tag_key_prefix("a b", true, key), -EINVAL);
}
END_TEST

/* The key of any kind matches no lookup of another kind. */
START_TEST(kinds_are_apart) {
        static const char *const keys[] = {"vfio-variant:device:0000:3b:00.1:*",
                                           "vfio-variant:vfs-of:0000:3b:00.0:*",
                                           "vfio-variant:pci:*"};
        struct tag_lookups lookups;

        ck_assert_int_eq(tag_lookups_of("0000:3b:00.1", MODALIAS, "0000:3b:00.0", &lookups), 0);
        ck_assert_uint_eq(lookups.n, 3);
        ck_assert_str_eq(lookups.keys[0], "vfio-variant:device:0000:3b:00.1:" MODALIAS);
        ck_assert_str_eq(lookups.keys[1], "vfio-variant:vfs-of:0000:3b:00.0:" MODALIAS);
        ck_assert_str_eq(lookups.keys[2], "vfio-variant:" MODALIAS);
        for (unsigned i = 0; i < 3; i++)
                for (unsigned j = 0; j < 3; j++) {
                        struct tag_lookups one = {.n = 1};

                        memcpy(one.keys[0], lookups.keys[i], TAG_KEY_SIZE);
                        ck_assert_int_eq(tag_lookups_match(&one, keys[j]), i == j);
                }
        ck_assert(tag_lookups_match(&lookups, keys[1]));
        ck_assert(!tag_lookups_match(&lookups, "vfio-variant:pci:"));
        ck_assert_int_eq(tag_lookups_of("0000:3b:00.0", MODALIAS, "", &lookups), 0);
        ck_assert_uint_eq(lookups.n, 2);
        ck_assert(!tag_lookups_match(&lookups, keys[1]));
        ck_assert_int_eq(tag_lookups_of("0000:3b:00.0", "", "", &lookups), -EINVAL);
        ck_assert_int_eq(tag_lookups_of("a b", MODALIAS, "", &lookups), -EINVAL);
}
END_TEST

/* New NULL: it is no old key. */
static const struct {
        const char *why, *old, *new;
} old_rows[] = {
        {"all", "vfio-variant:*:pci:v1*", "vfio-variant:pci:v1*"},
        {"all of all", "vfio-variant:*:*", "vfio-variant:*"},
        {"functions", "vfio-variant:vf:0000:3b:00.0:*", "vfio-variant:vfs-of:0000:3b:00.0:*"},
        {"a slot", "vfio-variant:0000:3b:00.1:pci:v1*", "vfio-variant:device:0000:3b:00.1:pci:v1*"},
        {"a CDX device", "vfio-variant:cdx-00:00:cdx:v1*", "vfio-variant:device:cdx-00:00:cdx:v1*"},
        {"slots of all domains", "vfio-variant:*:3b:00.?:*", "vfio-variant:device:*:3b:00.?:*"},
        {"slots of a domain", "vfio-variant:0000:3b:00.[12]:*",
         "vfio-variant:device:0000:3b:00.[12]:*"},
        {"slots of any domain", "vfio-variant:????:3b:00.1:*",
         "vfio-variant:device:????:3b:00.1:*"},
        {"a new kind", "vfio-variant:pci:v1*", NULL},
        {"a new kind of CDX", "vfio-variant:cdx:v1*", NULL},
        {"new functions", "vfio-variant:vfs-of:0000:3b:00.0:*", NULL},
        {"a new device", "vfio-variant:device:0000:3b:00.1:pci:v1*", NULL},
        {"everything", "vfio-variant:*", NULL},
        {"wildcards in the bus", "vfio-variant:p?i:v1*", NULL},
        {"nothing", "vfio-variant:", NULL},
        {"a colon", "vfio-variant::x", NULL},
        {"another key", "usb:0000:3b:00.1:*", NULL},
};

START_TEST(old_keys_are_found) {
        const __typeof__(*old_rows) *row = &old_rows[_i];
        char new[TAG_KEY_SIZE] = "";

        assert_row(tag_key_is_old(row->old, new) == !!row->new, row);
        assert_row(!row->new || strcmp(new, row->new) == 0, row);
        assert_row(!row->new || !tag_key_is_old(row->new, new), row);
}
END_TEST

static void add_key(TCase *tcase) {
        tcase_add_loop_test(tcase, device_has_a_key, 0, N_ROWS(device_rows));
        tcase_add_loop_test(tcase, keys_are_checked, 0, N_ROWS(key_rows));
        tcase_add_test(tcase, other_keys_are_made);
        tcase_add_test(tcase, kinds_are_apart);
        tcase_add_loop_test(tcase, old_keys_are_found, 0, N_ROWS(old_rows));
}

/* --- tag_name.h --- */

/* Key NULL: not the name of a tag's file. */
static const struct {
        const char *name, *key;
} name_rows[] = {
        {"61-vfio-variant-device:0000:3b:00.1:pci:v1d2%2A.hwdb",
         "vfio-variant:device:0000:3b:00.1:pci:v1d2*"},
        {"61-vfio-variant-vfs-of:0000:3b:00.0:%2A.hwdb", "vfio-variant:vfs-of:0000:3b:00.0:*"},
        {"61-vfio-variant-pci:v%5B%211-3%5D%3F%2A.hwdb", "vfio-variant:pci:v[!1-3]?*"},
        {"61-vfio-variant-pci:v1.hwdb", "vfio-variant:pci:v1"},
        {"61-vfio-variant-pci:v1*.hwdb", NULL},
        {"61-vfio-variant-pci:v1%2a.hwdb", NULL},
        {"61-vfio-variant-pci:%761.hwdb", NULL},
        {"61-vfio-variant-pci:v1%.hwdb", NULL},
        {"61-vfio-variant-pci:v1%2.hwdb", NULL},
        {"61-vfio-variant-pci:v1%2A", NULL},
        {"61-vfio-variant-pci:v1.hwdb~", NULL},
        {"61-vfio-variant-pci:v1%0A.hwdb", NULL},
        {"61-vfio-variant-usb:v1.hwdb", NULL},
        {"61-vfio-variant-.hwdb", NULL},
        {"61-vfio-variant-", NULL},
        {"61-local-vfio.hwdb", NULL},
        {"60-vfio-variant.hwdb", NULL},
        {"", NULL},
};

START_TEST(names_are_read) {
        const char *name = name_rows[_i].name, *wanted = name_rows[_i].key;
        char key[TAG_KEY_SIZE], same[TAG_NAME_SIZE];

        ck_assert_msg(tag_name_read(name, key) == !!wanted, "%s", name);
        if (!wanted)
                return;
        ck_assert_str_eq(key, wanted);
        ck_assert_int_eq(tag_name_of(key, same), 0);
        ck_assert_str_eq(same, name);
        ck_assert(!tag_name_is_hidden(name));
        ck_assert_int_eq(tag_name_of_new(key, same), 0);
        ck_assert(same[0] == '.' && tag_name_is_hidden(same));
}
END_TEST

/* A name that fits has a hidden name that fits; no other is cut. */
START_TEST(names_have_an_end) {
        char key[TAG_KEY_SIZE] = "vfio-variant:pci:v", name[TAG_NAME_SIZE];
        unsigned n_good = 0, n_bad = 0;

        for (size_t n = strlen(key); n < TAG_KEY_SIZE - 1; n++) {
                key[n] = n % 7 ? '1' : '*';
                key[n + 1] = '\0';
                if (tag_name_of(key, name) == -ENAMETOOLONG) {
                        ck_assert_int_eq(tag_name_of_new(key, name), -ENAMETOOLONG);
                        n_bad++;
                        continue;
                }
                ck_assert_uint_eq(n_bad, 0);
                ck_assert_int_eq(tag_name_of_new(key, name), 0);
                ck_assert_str_eq(name + strlen(name) - strlen(".hwdb.new"), ".hwdb.new");
                n_good++;
        }
        ck_assert_uint_gt(n_good, 100);
        ck_assert_uint_gt(n_bad, 100);
}
END_TEST

static void add_name(TCase *tcase) {
        tcase_add_loop_test(tcase, names_are_read, 0, N_ROWS(name_rows));
        tcase_add_test(tcase, names_have_an_end);
}

int main(void) {
        static const struct unit_case cases[] = {
                {"text", add_text},
                {"key", add_key},
                {"name", add_name},
                {},
        };

        return unit_run("tags", cases);
}
