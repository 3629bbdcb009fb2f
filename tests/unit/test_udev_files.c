/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/udev: the files that udev reads, and how old they are. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "database.h"
#include "hwdb_files.h"
#include "rules.h"
#include "sys.h"
#include "tag_file.h"
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

/* --- tag_file.h --- */

/* What was done to files, in order: "sync NAME;" or "rename NAME;". */
static char done[256];

static void note(const char *what, const char *name) {
        size_t n = strlen(done);

        (void)snprintf(done + n, sizeof(done) - n, "%s %s;", what, name);
}

/* All calls of this program come here. */
int fsync(int fd) {
        char path[256] = "";

        ck_assert_int_gt(readlink(sys_path("/proc/self/fd/%d", fd), path, sizeof(path) - 1), 0);
        note("sync", strrchr(path, '/') ? strrchr(path, '/') + 1 : path);
        return (int)syscall(SYS_fsync, fd);
}

int renameat(int old_fd, const char *old, int new_fd, const char *new) {
        note("rename", new);
        return (int)syscall(SYS_renameat2, old_fd, old, new_fd, new, 0);
}

/* After a power failure the file has the old text or the new one, and is never empty. */
START_TEST(tag_file_is_on_the_disk_before_its_name) {
        static const char text[] = "vfio-variant:*\n VFIO_VARIANT_BIND=1\n";
        const struct tag_text new = {.bytes = text, .length = sizeof(text) - 1};
        struct arena arena = {};
        struct tag_text old;
        struct tag_file file;

        enter();
        ck_assert_int_eq(tag_file_open(NULL, NULL, &file), 0);
        ck_assert_int_eq(tag_file_read(&file, &arena, &old), 0);
        done[0] = '\0';
        ck_assert_int_eq(tag_file_replace(&file, &new), 0);
        ck_assert_msg(strncmp(done, "sync ", 5) == 0, "%s", done);
        ck_assert_msg(strcmp(strchr(done, ';'), ";rename " TAG_NAME ";sync hwdb.d;") == 0, "%s",
                      done);
        ck_assert_str_ne(done, "sync hwdb.d;rename " TAG_NAME ";sync hwdb.d;");
        tag_file_close(&file);
        arena_done(&arena);
}
END_TEST

static void add_files(TCase *tcase) {
        tcase_add_loop_test(tcase, rules_are_found, 0, N_ROWS(rules_rows));
        tcase_add_loop_test(tcase, ages_are_compared, 0, N_ROWS(age_rows));
        tcase_add_test(tcase, database_is_looked_for);
        tcase_add_test(tcase, database_without_a_device);
        tcase_add_test(tcase, tag_file_is_on_the_disk_before_its_name);
}

int main(void) {
        static const struct unit_case cases[] = {
                {"files", add_files},
                {},
        };

        return unit_run("udev-files", cases);
}
