/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/udev: the files that udev reads, and how old they are. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "database.h"
#include "hwdb_files.h"
#include "rules.h"
#include "sys.h"
#include "unit.h"

/* None of the host's. A folder that isn't there is made, which only a root that can be written
 * needs. */
static void enter(void) {
        sys_enter();
        sys_cover("/etc");
        sys_cover("/run");
        sys_cover("/usr/lib/udev");
        if (access("/usr/local/lib/udev", F_OK) == 0)
                sys_cover("/usr/local/lib/udev");
}

/* --- rules.h --- */

#define NAME "60-vfio-variant.rules"

static void shipped(void) {
        sys_file("/usr/lib/udev/rules.d/" NAME, "# rules\n");
}

static void own(void) {
        shipped();
        sys_file("/etc/udev/rules.d/" NAME, "# rules\n");
}

static void for_this_boot(void) {
        shipped();
        sys_file("/run/udev/rules.d/" NAME, "# rules\n");
}

static void empty(void) {
        shipped();
        sys_file("/etc/udev/rules.d/" NAME, "");
}

static void masked(void) {
        shipped();
        sys_link("/run/udev/rules.d/" NAME, "/dev/null");
}

/* udev can't open it, and reads the next. */
static void dangling(void) {
        shipped();
        sys_link("/etc/udev/rules.d/" NAME, "/nowhere");
}

static void linked(void) {
        sys_file("/usr/lib/udev/kept", "# rules\n");
        sys_link("/usr/lib/udev/rules.d/" NAME, "../kept");
}

static void others(void) {
        sys_file("/usr/lib/udev/rules.d/61-" NAME, "# rules\n");
}

static const struct {
        const char *why;
        void (*make)(void);
        enum rules_state state;
        const char *path;
} rules_rows[] = {
        {"none", others, RULES_MISSING, "untouched"},
        {"shipped", shipped, RULES_SHIPPED, "/usr/lib/udev/rules.d/" NAME},
        {"an administrator's", own, RULES_OWN, "/etc/udev/rules.d/" NAME},
        {"for this boot", for_this_boot, RULES_OWN, "/run/udev/rules.d/" NAME},
        {"an empty file", empty, RULES_OFF, "/etc/udev/rules.d/" NAME},
        {"a link to /dev/null", masked, RULES_OFF, "/run/udev/rules.d/" NAME},
        {"a link to nowhere", dangling, RULES_SHIPPED, "/usr/lib/udev/rules.d/" NAME},
        {"a link", linked, RULES_SHIPPED, "/usr/lib/udev/rules.d/" NAME},
};

START_TEST(rules_are_found) {
        const __typeof__(*rules_rows) *row = &rules_rows[_i];
        char path[64] = "untouched";

        enter();
        row->make();
        assert_row(rules_find(NAME, path, sizeof(path)) == row->state, row);
        ck_assert_str_eq(path, row->path);
}
END_TEST

/* --- hwdb_files.h --- */

/* Makes the file PATH, written SECONDS after another. */
static void file_of(const char *path, time_t seconds) {
        const struct timespec times[2] = {{.tv_sec = 1000 + seconds}, {.tv_sec = 1000 + seconds}};

        sys_file(path, "");
        ck_assert_int_eq(utimensat(AT_FDCWD, path, times, 0), 0);
}

static const struct {
        const char *why;
        struct {
                const char *path;
                time_t seconds;
        } files[4]; /* end in NULL */
        enum hwdb_age age;
        const char *path;
} age_rows[] = {
        {"nothing at all", {}, HWDB_MISSING, "untouched"},
        {"nothing compiled", {{"/etc/udev/hwdb.d/a.hwdb", 1}}, HWDB_MISSING, "untouched"},
        {"no files", {{"/etc/udev/hwdb.bin", 1}}, HWDB_FRESH, "/etc/udev/hwdb.bin"},
        {"older files",
         {{"/etc/udev/hwdb.bin", 2},
          {"/etc/udev/hwdb.d/a.hwdb", 1},
          {"/usr/lib/udev/hwdb.d/b.hwdb", 2}},
         HWDB_FRESH,
         "/etc/udev/hwdb.bin"},
        {"a younger file",
         {{"/etc/udev/hwdb.bin", 2}, {"/usr/lib/udev/hwdb.d/b.hwdb", 3}},
         HWDB_OLD,
         "/usr/lib/udev/hwdb.d/b.hwdb"},
        {"the youngest is named",
         {{"/etc/udev/hwdb.bin", 2},
          {"/etc/udev/hwdb.d/a.hwdb", 4},
          {"/run/udev/hwdb.d/b.hwdb", 3}},
         HWDB_OLD,
         "/etc/udev/hwdb.d/a.hwdb"},
        {"a younger file that is hidden",
         {{"/etc/udev/hwdb.bin", 2},
          {"/etc/udev/hwdb.d/a.hwdb", 1},
          {"/usr/lib/udev/hwdb.d/a.hwdb", 3}},
         HWDB_FRESH,
         "/etc/udev/hwdb.bin"},
        {"a younger file of another kind",
         {{"/etc/udev/hwdb.bin", 2}, {"/etc/udev/hwdb.d/a.hwdb~", 3}, {"/etc/udev/hwdb.d/a", 3}},
         HWDB_FRESH,
         "/etc/udev/hwdb.bin"},
        {"compiled for a package",
         {{"/usr/lib/udev/hwdb.bin", 2}, {"/etc/udev/hwdb.d/a.hwdb", 1}},
         HWDB_FRESH,
         "/usr/lib/udev/hwdb.bin"},
        {"an old one hides the package's",
         {{"/usr/lib/udev/hwdb.bin", 9},
          {"/etc/udev/hwdb.bin", 2},
          {"/usr/lib/udev/hwdb.d/a.hwdb", 8}},
         HWDB_OLD,
         "/usr/lib/udev/hwdb.d/a.hwdb"},
};

START_TEST(ages_are_compared) {
        const __typeof__(*age_rows) *row = &age_rows[_i];
        char path[64] = "untouched";

        enter();
        for (size_t i = 0; i < 4 && row->files[i].path; i++)
                file_of(row->files[i].path, row->files[i].seconds);
        assert_row(hwdb_compare_age(path, sizeof(path)) == (int)row->age, row);
        ck_assert_str_eq(path, row->path);
}
END_TEST

/* --- database.h --- */

START_TEST(database_is_looked_for) {
        enter();
        ck_assert_int_eq(database_look(), DATABASE_MISSING);
        sys_folder("/run/udev/data");
        ck_assert_int_eq(database_look(), DATABASE_IDLE);
        sys_file("/run/udev/control", "");
        ck_assert_int_eq(database_look(), DATABASE_LIVE);
}
END_TEST

/* Of a udevd that has begun just now. */
START_TEST(database_without_a_device) {
        enter();
        sys_file("/run/udev/control", "");
        ck_assert_int_eq(database_look(), DATABASE_LIVE);
}
END_TEST

static void add_files(TCase *tcase) {
        tcase_add_loop_test(tcase, rules_are_found, 0, N_ROWS(rules_rows));
        tcase_add_loop_test(tcase, ages_are_compared, 0, N_ROWS(age_rows));
        tcase_add_test(tcase, database_is_looked_for);
        tcase_add_test(tcase, database_without_a_device);
}

int main(void) {
        static const struct unit_case cases[] = {
                {"files", add_files},
                {},
        };

        return unit_run("udev-files", cases);
}
