/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/basic: programs that are run. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "fd.h"
#include "run.h"
#include "unit.h"

#define SHELL(text) ((const char *const[]){"/bin/sh", "-c", text, NULL})

static const struct {
        const char *why, *script;
        int r;
        const char *lines;
} rows[] = {
        {"nothing is said", "true", 0, ""},
        {"two lines", "echo a; echo 'b  c'", 0, "a;b  c;"},
        {"no newline at the end", "printf 'a\\nb'", 0, "a;b;"},
        {"an empty line", "echo; echo a", 0, ";a;"},
        {"what is said on standard error is hidden", "echo a >&2", 0, ""},
        {"it fails", "echo a; exit 7", 7, "a;"},
        {"it is killed", "kill -9 $$", 128 + 9, ""},
        {"it reads nothing", "read x; echo \"<$x>\"", 0, "<>;"},
        {"nothing of our environment", "echo \"$SECRET$LC_ALL\"", 0, "C;"},
};

START_TEST(program_is_read) {
        const __typeof__(*rows) *row = &rows[_i];
        char lines[JOINED_SIZE] = "";

        ck_assert_int_eq(setenv("SECRET", "x", 1), 0);
        assert_row(run_and_read(SHELL(row->script), join_text, lines) == row->r, row);
        assert_row(strcmp(lines, row->lines) == 0, row);
        assert_row(run_program(SHELL(row->script), RUN_HIDDEN) == row->r, row);
}
END_TEST

static int refuse_second(const char *line, void *userdata) {
        int *n = userdata;

        (void)line;
        return ++*n == 2 ? -E2BIG : 0;
}

/* The program is read to its end, so that it is not killed by SIGPIPE. */
START_TEST(reading_ends) {
        struct temp_directory directory = temp_directory_new();
        int n = 0;

        ck_assert_int_eq(fchdir(directory.fd), 0);
        ck_assert_int_eq(run_and_read(SHELL("for i in 1 2 3 4; do echo $i; done; echo >done"),
                                      refuse_second, &n),
                         -E2BIG);
        ck_assert_int_eq(n, 2);
        ck_assert_int_eq(faccessat(directory.fd, "done", F_OK, 0), 0);
        fd_close(directory.fd);
}
END_TEST

/* More than the capacity of a pipe. */
START_TEST(much_is_read) {
        int n = 2; /* and so none is the second */

        ck_assert_int_eq(
                run_and_read(SHELL("i=0; while [ $i -lt 9999 ]; do i=$((i + 1));"
                                   " echo 'a line of some forty characters, as a path is'; done"),
                             refuse_second, &n),
                0);
        ck_assert_int_eq(n, 2 + 9999);
}
END_TEST

START_TEST(output_is_shown) {
        struct temp_directory directory = temp_directory_new();
        int fd = openat(directory.fd, "said", O_RDWR | O_CREAT | O_CLOEXEC, 0644);
        char said[8] = "";

        ck_assert_int_eq(dup2(fd, STDERR_FILENO), STDERR_FILENO);
        ck_assert_int_eq(run_program(SHELL("echo a; echo b >&2"), RUN_SHOWN), 0);
        ck_assert_int_eq(run_program(SHELL("echo c; echo d >&2"), RUN_HIDDEN), 0);
        ck_assert_int_eq((int)fd_read_some(fd, said, sizeof(said) - 1, 0), 4);
        ck_assert_str_eq(said, "a\nb\n");
        fd_close(fd);
        fd_close(directory.fd);
}
END_TEST

START_TEST(no_program) {
        static const char *const none[] = {"/nowhere/program", "/etc/passwd", NULL};
        static const char *const second[] = {"/nowhere/program", "/bin/sh", NULL};
        char lines[JOINED_SIZE] = "";

        ck_assert_ptr_null(run_find(none));
        ck_assert_str_eq(run_find(second), "/bin/sh");
        ck_assert_int_eq(run_program(none, RUN_HIDDEN), 126);
        ck_assert_int_eq(run_and_read(none, join_text, lines), 126);
        ck_assert_int_eq(run_and_read(none + 1, join_text, lines), 126);
}
END_TEST

START_TEST(no_descriptors) {
        struct rlimit limits, none;
        char lines[JOINED_SIZE] = "";
        int r;

        ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limits), 0);
        none = (struct rlimit){0, limits.rlim_max};
        ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
        r = run_and_read(SHELL("true"), join_text, lines);
        ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limits), 0);
        ck_assert_int_eq(r, -EMFILE);
}
END_TEST

static void add_run(TCase *tcase) {
        tcase_add_loop_test(tcase, program_is_read, 0, N_ROWS(rows));
        tcase_add_test(tcase, reading_ends);
        tcase_add_test(tcase, much_is_read);
        tcase_add_test(tcase, output_is_shown);
        tcase_add_test(tcase, no_program);
        tcase_add_test(tcase, no_descriptors);
}

int main(void) {
        static const struct unit_case cases[] = {
                {"run", add_run},
                {},
        };

        return unit_run("run", cases);
}
