/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/udev: the files of rules, and the database. */
#include <unistd.h>

#include "database.h"
#include "rules.h"
#include "sys.h"
#include "unit.h"

/* None of the host's. A directory that isn't there is made, which only a root that can be written
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

/* udev cannot open it, and reads the next. */
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

/* --- database.h --- */

START_TEST(database_is_looked_for) {
        enter();
        ck_assert_int_eq(database_look(), DATABASE_MISSING);
        sys_directory("/run/udev/data");
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
