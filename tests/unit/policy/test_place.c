/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/policy: the places of lines in modprobe.d. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fd.h"
#include "place.h"
#include "unit.h"

#define MODALIAS "pci:v00008086d000010D3sv00008086sd00000000bc02sc00i00"

/* FILES: "NAME", "TEXT" in turn, in the first or, after "/", the second directory. PLACE:
 * "1/FILE:LINE" or "2/FILE:LINE"; "" for none. */
static const struct {
        const char *why, *kind, *files[8], *place;
} rows[] = {
        {"a blacklist", "blacklist", {"a.conf", "blacklist m_x\n"}, "1/a.conf:1"},
        {"spelled with '-'", "blacklist", {"a.conf", "blacklist m-x\n"}, "1/a.conf:1"},
        {"after other lines",
         "blacklist",
         {"a.conf", "# x\n\n options y z\n\tblacklist\tm_x\n"},
         "1/a.conf:4"},
        {"without a newline", "blacklist", {"a.conf", "\nblacklist m_x"}, "1/a.conf:2"},
        {"a comment", "blacklist", {"a.conf", "#blacklist m_x\n"}, ""},
        {"another module", "blacklist", {"a.conf", "blacklist m_xy\nblacklist m\n"}, ""},
        {"a line that goes on",
         "blacklist",
         {"a.conf", "\nblacklist \\\nm_\\\nx\nblacklist m_x\n"},
         "1/a.conf:2"},
        {"after a line that goes on",
         "blacklist",
         {"a.conf", "x\\\ny\nblacklist m_x\n"},
         "1/a.conf:3"},
        {"a backslash that is dropped", "blacklist", {"a.conf", "black\\list m_x\n"}, "1/a.conf:1"},
        {"the first file by name",
         "blacklist",
         {"b.conf", "blacklist m_x\n", "/a.conf", "\nblacklist m_x\n"},
         "2/a.conf:2"},
        {"a file that hides another",
         "blacklist",
         {"a.conf", "# nothing\n", "/a.conf", "blacklist m_x\n"},
         ""},
        {"a file that libkmod does not read", "blacklist", {"a.conf~", "blacklist m_x\n"}, ""},
        {"no file", "blacklist", {NULL}, ""},

        {"an install line",
         "install",
         {"a.conf", "blacklist m_x\ninstall m-x /bin/false\n"},
         "1/a.conf:2"},
        {"a pattern", "install", {"a.conf", "install m[-_]? /bin/false\n"}, "1/a.conf:1"},
        {"the first of two", "install", {"a.conf", "install m* :\ninstall m_x :\n"}, "1/a.conf:1"},
        {"without a command", "install", {"a.conf", "install m_x\ninstall m_x :\n"}, "1/a.conf:2"},

        {"an alias", "alias", {"a.conf", "alias vfio_pci:v* m-x\n"}, "1/a.conf:1"},
        {"an alias spelled with '-'", "alias", {"a.conf", "alias vfio-pci:v* m_x\n"}, "1/a.conf:1"},
        {"of another module", "alias", {"a.conf", "alias vfio_pci:v* m_y\n"}, ""},
        {"another alias", "alias", {"a.conf", "alias vfio_pci:* m_x\n"}, ""},

        {"an alias of the device",
         "alias-for",
         {"a.conf", "alias " MODALIAS " m-x\n"},
         "1/a.conf:1"},
        {"a pattern of it",
         "alias-for",
         {"a.conf", "alias pci:v00008086d000010D3* m_x\n"},
         "1/a.conf:1"},
        {"of another device", "alias-for", {"a.conf", "alias pci:v00008086d000010D4* m_x\n"}, ""},
        {"to another module", "alias-for", {"a.conf", "alias pci:* m_y\n"}, ""},

        {"ids", "ids", {"a.conf", "options m-x ids=8086:10d3\n"}, "1/a.conf:1"},
        {"in upper case, among others",
         "ids",
         {"a.conf", "options m_x ids=10de:1,8086:10D3:8086:0 disable_vga=1\n"},
         "1/a.conf:1"},
        {"after another option",
         "ids",
         {"a.conf", "options m_x a=1  ids=0x8086:0x10d3\n"},
         "1/a.conf:1"},
        {"of another device", "ids", {"a.conf", "options m_x ids=8086:10d4,8087:10d3\n"}, ""},
        {"an option that ends so", "ids", {"a.conf", "options m_x noids=8086:10d3\n"}, ""},
        {"of another module", "ids", {"a.conf", "options m_y ids=8086:10d3\n"}, ""},
        {"no ids", "ids", {"a.conf", "options m_x ids=\noptions m_x ids\noptions m_x\n"}, ""},
        {"nonsense", "ids", {"a.conf", "options m_x ids=:,:8086:,x,8086\n"}, ""},
};

static int find(const char *kind, const char *const *directories, char ret[PLACE_SIZE]) {
        if (!strcmp(kind, "blacklist"))
                return place_of(directories, PLACE_BLACKLIST, "m_x", NULL, ret);
        if (!strcmp(kind, "install"))
                return place_of(directories, PLACE_INSTALL, "m_x", NULL, ret);
        if (!strcmp(kind, "alias"))
                return place_of(directories, PLACE_ALIAS, "m_x", "vfio_pci:v*", ret);
        if (!strcmp(kind, "alias-for"))
                return place_of(directories, PLACE_ALIAS_FOR, "m_x", MODALIAS, ret);
        ck_assert_str_eq(kind, "ids");
        return place_of(directories, PLACE_IDS, "m_x", MODALIAS, ret);
}

START_TEST(place_is_found) {
        const __typeof__(*rows) *row = &rows[_i];
        struct temp_directory first = temp_directory_new(), second = temp_directory_new();
        const char *const directories[] = {"/nowhere", first.path, second.path, NULL};
        char place[PLACE_SIZE] = "untouched", wanted[PLACE_SIZE] = "untouched";
        int r;

        for (size_t i = 0; row->files[i]; i += 2) {
                bool is_second = row->files[i][0] == '/';

                temp_file(is_second ? &second : &first, row->files[i] + is_second,
                          row->files[i + 1]);
        }
        r = find(row->kind, directories, place);
        if (*row->place)
                (void)snprintf(wanted, sizeof(wanted), "%s%s",
                               *row->place == '1' ? first.path : second.path, row->place + 1);
        ck_assert_msg(r == (*row->place != '\0') && !strcmp(place, wanted), "%s: %d, %s", row->why,
                      r, place);
        fd_close(first.fd);
        fd_close(second.fd);
}
END_TEST

/* What cannot be read is skipped; a link to /dev/null hides. */
START_TEST(place_skips_odd_files) {
        struct temp_directory directory = temp_directory_new(), other = temp_directory_new();
        const char *const directories[] = {directory.path, other.path, NULL};
        char place[PLACE_SIZE];

        ck_assert_int_eq(mkdirat(directory.fd, "a.conf", 0755), 0);
        ck_assert_int_eq(symlinkat("nowhere", directory.fd, "b.conf"), 0);
        ck_assert_int_eq(symlinkat("/dev/null", directory.fd, "c.conf"), 0);
        temp_file(&other, "c.conf", "blacklist m_x\n");
        ck_assert_int_eq(place_of(directories, PLACE_BLACKLIST, "m_x", NULL, place), 0);
        temp_file(&directory, "d.conf", "blacklist m_x\n");
        ck_assert_int_eq(place_of(directories, PLACE_BLACKLIST, "m_x", NULL, place), 1);
        ck_assert_ptr_nonnull(strstr(place, "/d.conf:1"));
        fd_close(directory.fd);
        fd_close(other.fd);
}
END_TEST

/* A line of any length is one line. */
START_TEST(place_counts_long_lines) {
        static char text[64 * 1024];
        struct temp_directory directory = temp_directory_new();
        const char *const directories[] = {directory.path, NULL};
        char place[PLACE_SIZE];

        memset(text, 'x', sizeof(text));
        (void)stpcpy(text + sizeof(text) - 32, "\nblacklist m_x\n");
        temp_file(&directory, "a.conf", text);
        ck_assert_int_eq(place_of(directories, PLACE_BLACKLIST, "m_x", NULL, place), 1);
        ck_assert_ptr_nonnull(strstr(place, "/a.conf:2"));
        fd_close(directory.fd);
}
END_TEST

static int look_at_nothing(const struct place *place, void *userdata) {
        (void)place;
        (void)userdata;
        return 0;
}

static int stop(const struct place *place, void *userdata) {
        int *n = userdata;

        ck_assert_str_eq(place->command, "alias");
        ck_assert_str_eq(place->argument, "");
        ck_assert_str_eq(place->rest, "");
        return ++*n;
}

START_TEST(place_ends_where_told) {
        struct temp_directory directory = temp_directory_new();
        const char *const directories[] = {directory.path, NULL};
        int n = 0;

        temp_file(&directory, "a.conf", "alias\nalias\n");
        ck_assert_int_eq(place_each(directories, stop, &n), 1);
        ck_assert_int_eq(n, 1);
        ck_assert_int_eq(place_each(NULL, look_at_nothing, NULL), 0);
        fd_close(directory.fd);
}
END_TEST

static void add_place(TCase *tcase) {
        tcase_add_loop_test(tcase, place_is_found, 0, N_ROWS(rows));
        tcase_add_test(tcase, place_skips_odd_files);
        tcase_add_test(tcase, place_counts_long_lines);
        tcase_add_test(tcase, place_ends_where_told);
}

int main(void) {
        static const struct unit_case cases[] = {
                {"place", add_place},
                {},
        };

        return unit_run("place", cases);
}
