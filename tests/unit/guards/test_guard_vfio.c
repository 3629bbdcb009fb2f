/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/guards: a process has a device or its group open through VFIO. */
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check_guard.h"
#include "guard_scene.h"
#include "guards.h"
#include "unit.h"

/* The group has the number of /dev/null, 1:3, and the cdev that of /dev/zero, 1:5. */
static const struct {
        const char *why, *link, *comm; /* of descriptor 3 of process 4711 */
        const char *text;              /* NULL: nothing is found */
} user_rows[] = {
        {"the group", "/dev/null", "qemu-system-x86\n",
         "process 4711 (qemu-system-x86) has /dev/vfio/12 open"},
        {"the device", "/dev/zero", "qemu\n", "process 4711 (qemu) has /dev/vfio3 open"},
        {"another node", "/dev/full", "qemu\n", NULL},
        {"a file", "/proc/uptime", "qemu\n", NULL},
        {"a socket", "socket:[12]", "qemu\n", NULL},
        {"a hostile process", "/dev/null", "a\033[2J) has\nnothing",
         "process 4711 (a\\x1b[2J) has\\x0anothing) has /dev/vfio/12 open"},
        {"a process without a name", "/dev/null", NULL, "process 4711 () has /dev/vfio/12 open"},
};

static struct handle open_in_use(void) {
        struct handle handle;

        scene_enter();
        sys_file(DIRECTORY "/vfio-dev/vfio3/dev", "1:5\n");
        sys_link(DIRECTORY "/vfio-dev/vfio3/subsystem", "../../../../../class/vfio-dev");
        sys_file(DIRECTORY "/sound/card0/controlC0/dev", "1:7\n"); /* of no concern to an unbind */
        handle = sys_open(DEVICE);
        sys_cover("/proc");
        sys_directory("/proc/1/fd");
        sys_file("/proc/uptime", "");
        sys_directory("/proc/4712"); /* a process that ended */
        return handle;
}

START_TEST(vfio_user_is_found) {
        const __typeof__(*user_rows) *row = &user_rows[_i];
        struct finding finding = {.guard = GUARD_NONE};
        struct handle handle = open_in_use();

        sys_file("/sys/class/vfio/12/dev", "1:3\n");
        sys_link("/proc/4711/fd/0", "/gone");
        sys_link("/proc/4711/fd/3", row->link);
        if (row->comm)
                sys_file("/proc/4711/comm", row->comm);
        assert_row(check_guard(guard_vfio_user, &handle, &finding) == (row->text != NULL), row);
        assert_row(finding.guard == (row->text ? GUARD_VFIO_USER : GUARD_NONE), row);
        ck_assert_str_eq(finding.text, row->text ? row->text : "");
        assert_row(guards_check_unbind(&handle, &finding) == (row->text != NULL), row);
        handle_close(&handle);
}
END_TEST

/* VFIO does not use the group, and the device has no cdev: no process is examined. */
START_TEST(vfio_user_without_node) {
        struct finding finding = {.guard = GUARD_NONE};
        struct handle handle = open_in_use();

        sys_link("/proc/4711/fd/3", "/dev/null");
        ck_assert_int_eq(unlink(DIRECTORY "/vfio-dev/vfio3/dev"), 0);
        ck_assert_int_eq(chmod("/proc/1/fd", 0), 0);
        drop_capabilities();
        ck_assert_int_eq(check_guard(guard_vfio_user, &handle, &finding), 0);
        sys_file("/sys/class/vfio/12/dev", "1:3\n");
        ck_assert_int_eq(check_guard(guard_vfio_user, &handle, &finding), 1);
        handle_close(&handle);
}
END_TEST

/*
 * If processes may not be examined the guard fails, and reports their number. guards_check()
 * reports what other processes use, and that number.
 */
START_TEST(vfio_user_among_others) {
        struct finding finding = {.guard = GUARD_NONE};
        struct handle handle = open_in_use();

        sys_file("/sys/class/vfio/12/dev", "1:3\n");
        sys_directory("/proc/4710/fd");
        sys_directory("/proc/4713/fd");
        ck_assert_int_eq(chmod("/proc/4710/fd", 0), 0);
        ck_assert_int_eq(chmod("/proc/4713/fd", 0), 0);
        drop_capabilities();
        ck_assert_int_eq(guards_check_bind(&handle, NULL, 0, &finding), -EACCES);
        ck_assert_uint_eq(finding.unexamined, 2);
        ck_assert_str_eq(finding.text, "2 processes could not be examined");
        ck_assert_int_eq(guards_check_unbind(&handle, &finding), -EACCES);
        ck_assert_uint_eq(finding.unexamined, 2);
        ck_assert_int_eq(guards_check(&handle, NULL, &finding), 0);
        ck_assert_uint_eq(finding.unexamined, 2);
        ck_assert_str_eq(finding.text, "");
        sys_link("/proc/4711/fd/3", "/dev/null");
        ck_assert_int_eq(guards_check_bind(&handle, NULL, 0, &finding), 1);
        ck_assert_int_eq(guards_check(&handle, NULL, &finding), 1);
        ck_assert_str_eq(finding.text, "process 4711 () has /dev/vfio/12 open");
        handle_close(&handle);
}
END_TEST

static void add_vfio_user(TCase *tcase) {
        tcase_add_loop_test(tcase, vfio_user_is_found, 0, N_ROWS(user_rows));
        tcase_add_test(tcase, vfio_user_without_node);
        tcase_add_test(tcase, vfio_user_among_others);
}

int main(void) {
        static const struct unit_case cases[] = {
                {"vfio-user", add_vfio_user},
                {},
        };

        return unit_run("guard-vfio", cases);
}
