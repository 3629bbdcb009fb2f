/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/guards: a process has a device node open. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "check_guard.h"
#include "cleanup.h"
#include "guards.h"
#include "node_scene.h"
#include "unbinding.h"
#include "unit.h"

static const struct {
        const char *why, *maps, *range; /* RANGE: in map_files */
        bool is_found;
} map_rows[] = {
        {"a mapping", "7f00000000-7f00001000 rw-s 00000000 00:05 314   /dev/x\n",
         "7f00000000-7f00001000", true},
        {"a low address", "00400000-00401000 r--p 00000000 103:02 314   /dev/x\n", "400000-401000",
         true},
        {"after a program", "1000-2000 r-xp 00000000 08:01 7 /a\n3000-4000 r--s 0 00:05 8 /dev/x\n",
         "3000-4000", true},
        {"the second part of a program",
         "1000-2000 r-xp 0 08:01 7 /a\n3000-4000 r--p 0 08:01 7 /a\n", "3000-4000", false},
        {"memory", "1000-2000 rw-p 00000000 00:00 0\n", "1000-2000", false},
        {"no line of maps", "1000\n\n1000-2000\n", "1000-2000", false},
        {"unmapped meanwhile", "1000-2000 rw-s 00000000 00:05 314 /dev/x\n", "5000-6000", false},
};

/* A node that is mapped, and not open. */
START_TEST(mapped_node_is_found) {
        const __typeof__(*map_rows) *row = &map_rows[_i];
        struct finding finding = {.guard = GUARD_NONE};
        struct handle handle = open_with_node(sound_node);

        sys_file("/proc/4711/comm", "a\n");
        sys_file("/proc/4711/maps", row->maps);
        sys_link(sys_path("/proc/4711/map_files/%s", row->range), "/dev/null");
        assert_row(check_guard(guard_open, &handle, &finding) == row->is_found, row);
        ck_assert_str_eq(finding.text,
                         row->is_found ? "process 4711 (a) has /dev/snd/controlC0 mapped" : "");
        handle_close(&handle);
}
END_TEST

/* The main thread has ended: /proc/PID/fd is empty. */
START_TEST(open_node_of_thread) {
        struct finding finding = {.guard = GUARD_NONE};
        struct handle handle = open_with_node(sound_node);

        sys_directory("/proc/4714/fd");
        sys_directory("/proc/4714/task/4714/fd");
        sys_directory("/proc/4714/task/4715"); /* a thread that ended */
        sys_link("/proc/4714/task/4716/fd/3", "/dev/null");
        sys_directory("/proc/4714/task/4717"); /* another one: a directory may have any order */
        ck_assert_int_eq(check_guard(guard_open, &handle, &finding), 1);
        ck_assert_str_eq(finding.text, "process 4714 () has /dev/snd/controlC0 open");
        handle_close(&handle);
}
END_TEST

/*
 * A device without a driver is not checked. Force overrides a node of a driver, but not one of
 * VFIO.
 */
START_TEST(open_node_is_checked) {
        struct finding finding;
        struct handle handle = open_with_node(sound_node);

        sys_link("/proc/4711/fd/3", "/dev/null");
        ck_assert_int_eq(guards_check_bind(&handle, NULL, 0, &finding), 1);
        ck_assert_int_eq(finding.guard, GUARD_OPEN);
        ck_assert_int_eq(guards_check_bind(&handle, NULL, GUARDS_FORCE, &finding), 0);
        ck_assert_int_eq(guards_check(&handle, NULL, &finding), 1);
        ck_assert_int_eq(guards_check_use(&handle, NULL, &finding), 1);
        ck_assert_int_eq(finding.guard, GUARD_OPEN);
        node(DIRECTORY "/vfio-dev/vfio3", "vfio-dev", "1:5", NULL);
        sys_link("/proc/4711/fd/4", "/dev/zero");
        ck_assert_int_eq(guards_check_bind(&handle, NULL, GUARDS_FORCE, &finding), 1);
        ck_assert_int_eq(finding.guard, GUARD_VFIO_USER);
        sys_hold(DEVICE, NULL);
        ck_assert_int_eq(guards_check_bind(&handle, NULL, 0, &finding), 0);
        handle_close(&handle);
}
END_TEST

/* A finding that force does not override replaces one that it does. */
START_TEST(open_node_is_not_hidden) {
        struct finding finding;
        struct handle handle = open_with_node(sound_node);

        sys_link("/proc/4711/fd/3", "/dev/null");
        sys_file(DIRECTORY "/sriov_numvfs", "2\n");
        ck_assert_int_eq(guards_check_bind(&handle, NULL, GUARDS_FORCE, &finding), 1);
        ck_assert_int_eq(finding.guard, GUARD_FUNCTIONS);
        handle_close(&handle);
}
END_TEST

/* A dry run lists the findings of all guards, those that force does not override first. */
START_TEST(all_findings_are_listed) {
        static const char all[] =
                "it has virtual functions (2; the first is unknown), which unbinding "
                "would remove; process 4711 () has /dev/snd/controlC0 open; "
                "it is the display that the firmware booted on";
        struct finding finding;
        struct handle handle = open_with_node(sound_node);

        sys_link("/proc/4711/fd/3", "/dev/null");
        sys_file(DIRECTORY "/boot_vga", "1\n");
        ck_assert_int_eq(guards_check_bind(&handle, NULL, GUARDS_DRY_RUN | GUARDS_FORCE, &finding),
                         0);
        ck_assert_int_eq(finding.guard, GUARD_OPEN);
        sys_file(DIRECTORY "/sriov_numvfs", "2\n");
        ck_assert_int_eq(guards_check_bind(&handle, NULL, GUARDS_DRY_RUN | GUARDS_FORCE, &finding),
                         1);
        ck_assert_int_eq(finding.guard, GUARD_FUNCTIONS);
        ck_assert_str_eq(finding.text, all);
        handle.header_type = 1;
        ck_assert_int_eq(guards_check_bind(&handle, NULL, GUARDS_DRY_RUN, &finding), 1);
        ck_assert_int_eq(finding.guard, GUARD_HEADER);
        ck_assert_str_eq(finding.text, "it is a PCI bridge");
        handle_close(&handle);
}
END_TEST

/* A process that may not be examined is an error only before an operation. */
START_TEST(open_node_among_others) {
        struct finding finding = {.guard = GUARD_NONE};
        struct handle handle = open_with_node(sound_node);

        sys_directory("/proc/4710/fd");
        sys_directory("/proc/4713/fd");
        ck_assert_int_eq(chmod("/proc/4710/fd", 0), 0);
        ck_assert_int_eq(chmod("/proc/4713/fd", 0), 0);
        drop_capabilities();
        ck_assert_int_eq(guards_check_bind(&handle, NULL, GUARDS_FORCE, &finding), -EACCES);
        ck_assert_int_eq(guards_check(&handle, NULL, &finding), 0);
        sys_link("/proc/4711/fd/3", "/dev/null");
        ck_assert_int_eq(guards_check_bind(&handle, NULL, 0, &finding), 1);
        ck_assert_int_eq(guards_check(&handle, NULL, &finding), 1);
        ck_assert_str_eq(finding.text, "process 4711 () has /dev/snd/controlC0 open");
        handle_close(&handle);
}
END_TEST

/* In both orders: a directory may list the newest file first or last. */
START_TEST(open_node_of_vfio_comes_first) {
        struct finding finding = {.guard = GUARD_NONE};
        struct handle handle = open_with_node(two_nodes);

        if (_i)
                sys_link("/proc/4711/fd/4", "/dev/zero");
        sys_link("/proc/4711/fd/3", "/dev/null");
        if (!_i)
                sys_link("/proc/4711/fd/4", "/dev/zero");
        ck_assert_int_eq(guards_check(&handle, NULL, &finding), 1);
        ck_assert_int_eq(finding.guard, GUARD_VFIO_USER);
        handle_close(&handle);
}
END_TEST

static uid_t process_owner;

int __wrap_fstat64(int fd, struct stat *ret);
int __real_fstat64(int fd, struct stat *ret);

/* The owner of a process is that of its directory in /proc. A namespace of the test has one user
 * only. */
int __wrap_fstat64(int fd, struct stat *ret) {
        int r = __real_fstat64(fd, ret);

        if (r == 0 && S_ISDIR(ret->st_mode) && process_owner)
                ret->st_uid = process_owner;
        return r;
}

START_TEST(open_node_of_another_user) {
        struct finding finding = {.guard = GUARD_NONE};
        struct handle handle = open_with_node(sound_node);

        sys_link("/proc/4711/fd/3", "/dev/null");
        sys_file("/proc/4711/comm", "systemd-udevd\n");
        ck_assert_int_eq(guards_check(&handle, NULL, &finding), 0);
        process_owner = 1000;
        ck_assert_int_eq(guards_check(&handle, NULL, &finding), 1);
        handle_close(&handle);
}
END_TEST

/* The user ends while the guard waits for it. */
START_TEST(open_node_is_closed) {
        struct finding finding;
        struct handle handle = open_with_node(sound_node);
        pid_t child;

        sys_link("/proc/4711/fd/3", "/dev/null");
        child = fork();
        ck_assert_int_ge(child, 0);
        if (child == 0) {
                (void)usleep(300000);
                _exit(unlink("/proc/4711/fd/3"));
        }
        ck_assert_int_eq(guards_check_bind(&handle, NULL, 0, &finding), 0);
        ck_assert_int_eq(access("/proc/4711/fd/3", F_OK), -1);
        handle_close(&handle);
}
END_TEST

/* The process ends after the walk through all processes. */
START_TEST(open_node_of_ended_process) {
        _cleanup_(snapshot_done) struct snapshot snapshot = {};
        struct finding finding = {.guard = GUARD_NONE};
        struct handle handle = open_with_node(sound_node);

        sys_link("/proc/4711/fd/3", "/dev/null");
        ck_assert_int_eq(guards_check_use(&handle, &snapshot, &finding), 1);
        ck_assert_int_eq(rename("/proc/4711", "/proc/ended"), 0);
        ck_assert_int_eq(guards_check_use(&handle, &snapshot, &finding), 0);
        handle_close(&handle);
}
END_TEST

/* The driver has removed the nodes by then, and the device is bound to none. */
START_TEST(open_node_of_unbinding) {
        struct unbinding record = {
                .driver = "snd_hda_intel",
                .n_nodes = 3,
                .nodes = {{.number = makedev(1, 33), .path = "/dev/snd/pcmC0D0p"},
                          {.number = makedev(1, 3), .is_block = true, .path = "/dev/sda"},
                          {.number = makedev(1, 3), .path = "/dev/snd/controlC0"}},
        };
        struct finding finding;
        struct handle handle = open_with_node(sound_node);
        int fd;

        sys_hold(DEVICE, NULL);
        sys_cover("/run");
        ck_assert_int_eq(guards_check_use(&handle, NULL, &finding), 0);
        fd = unbinding_begin(&handle, &record);
        ck_assert_int_ge(fd, 0);
        ck_assert_int_eq(guards_check_unbinding(&handle, &finding), 1);
        ck_assert_str_eq(finding.text, "being unbound from snd_hda_intel for 0 s");
        sys_link("/proc/4711/fd/3", "/dev/null");
        ck_assert_int_eq(guards_check_use(&handle, NULL, &finding), 1);
        ck_assert_int_eq(finding.guard, GUARD_UNBINDING);
        ck_assert_int_eq(guards_check_bind(&handle, NULL, GUARDS_FORCE, &finding), 1);
        ck_assert_int_eq(finding.guard, GUARD_UNBINDING);
        ck_assert_str_eq(finding.text, "being unbound from snd_hda_intel for 0 s: process 4711 () "
                                       "has /dev/snd/controlC0 open");
        unbinding_end(&handle, fd);
        ck_assert_int_eq(guards_check_unbinding(&handle, &finding), 0);
        handle_close(&handle);
}
END_TEST

static void add_open(TCase *tcase) {
        tcase_add_loop_test(tcase, mapped_node_is_found, 0, N_ROWS(map_rows));
        tcase_add_test(tcase, open_node_of_thread);
        tcase_add_test(tcase, open_node_is_checked);
        tcase_add_test(tcase, open_node_is_not_hidden);
        tcase_add_test(tcase, all_findings_are_listed);
        tcase_add_test(tcase, open_node_among_others);
        tcase_add_loop_test(tcase, open_node_of_vfio_comes_first, 0, 2);
        tcase_add_test(tcase, open_node_of_another_user);
        tcase_add_test(tcase, open_node_is_closed);
        tcase_add_test(tcase, open_node_of_ended_process);
        tcase_add_test(tcase, open_node_of_unbinding);
        /* Each refusal takes two seconds */
        tcase_set_timeout(tcase, 60);
}

int main(void) {
        static const struct unit_case cases[] = {
                {"open", add_open},
                {},
        };

        return unit_run("guard-open", cases);
}
