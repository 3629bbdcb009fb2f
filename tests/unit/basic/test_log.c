/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/basic: messages. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "fd.h"
#include "log.h"
#include "unit.h"

/* What a person can see of a line: src/basic/log.c. */
#define LINE_LETTERS (1000 - (sizeof(LOG_PRIORITY_ERROR) - 1))
#define PART_LETTERS 300

/* Writes one message, and takes what standard error got. */
static void capture(const char *const *parts, char *ret, size_t size) {
        int saved = dup(STDERR_FILENO), ends[2];
        ssize_t n;

        ck_assert_int_eq(pipe(ends), 0);
        ck_assert_int_eq(dup2(ends[1], STDERR_FILENO), STDERR_FILENO);
        fd_close(ends[1]);
        log_parts(parts);
        ck_assert_int_eq(dup2(saved, STDERR_FILENO), STDERR_FILENO);
        fd_close(saved);
        n = read(ends[0], ret, size - 1);
        ck_assert_int_ge(n, 0);
        ret[n] = '\0';
        fd_close(ends[0]);
}

static const struct {
        const char *why;
        const char *parts[4];
        const char *line;
} line_rows[] = {
        {"parts are joined", {"<27>", "a", "b"}, "unit: ab\n"},
        {"the priority is the journal's", {"<28>", "a"}, "unit: a\n"},
        {"no part at all", {"<27>"}, "unit: \n"},
        {"an empty part", {"<27>", "", "a"}, "unit: a\n"},
        {"no part begins a line of its own", {"<27>", "a\n<0>b"}, "unit: a?<0>b\n"},
        {"nor moves the cursor, nor rings", {"<27>", "\x1b[2J\x07\r\t"}, "unit: ?[2J???\n"},
        {"nor is beyond ASCII", {"<27>", "\xc3\xa4\x7f~ "}, "unit: ???~ \n"},
        {"`%` means nothing", {"<27>", "%s%n"}, "unit: %s%n\n"},
};

START_TEST(log_writes_line) {
        const __typeof__(*line_rows) *row = &line_rows[_i];
        char got[2048];

        log_open("unit", false);
        capture(row->parts, got, sizeof(got));
        ck_assert_msg(strcmp(got, row->line) == 0, "row %d: %s: %s", _i, row->why, got);
}
END_TEST

static const struct {
        const char *why, *subsystem, *sysname, *line;
} about_rows[] = {
        {"both", "pci", "0000:3b:00.0", "unit: pci 0000:3b:00.0: a\n"},
        {"no subsystem", NULL, "0000:3b:00.0", "unit: 0000:3b:00.0: a\n"},
        {"no device any more", NULL, NULL, "unit: a\n"},
        {"a device that would begin a line", NULL, "x\n<0>y", "unit: x?<0>y: a\n"},
};

START_TEST(log_reports_device) {
        const __typeof__(*about_rows) *row = &about_rows[_i];
        const char *const parts[] = {"<27>", "a", NULL};
        char got[2048];

        log_open("unit", false);
        log_about("other", "device");
        log_about(row->subsystem, row->sysname);
        capture(parts, got, sizeof(got));
        log_about(NULL, NULL);
        ck_assert_msg(strcmp(got, row->line) == 0, "row %d: %s: %s", _i, row->why, got);
}
END_TEST

START_TEST(log_cuts_long_parts) {
        char part[PART_LETTERS + 2], got[2048];
        const char *const parts[] = {"<27>", part, "end", NULL};
        size_t n = PART_LETTERS - 1 + (size_t)_i; /* to one more than is shown */
        size_t shown = n < PART_LETTERS ? n : PART_LETTERS;

        memset(part, 'x', n);
        part[n] = '\0';
        log_open("unit", false);
        capture(parts, got, sizeof(got));
        ck_assert_uint_eq(strlen(got), strlen("unit: end\n") + shown);
        ck_assert_str_eq(got + strlen(got) - 5, "xend\n");
}
END_TEST

START_TEST(log_cuts_long_lines) {
        char part[PART_LETTERS + 1], got[2048];
        const char *const parts[] = {"<27>", part, part, part, part, part, NULL};

        memset(part, 'x', PART_LETTERS);
        part[PART_LETTERS] = '\0';
        log_open("unit", false);
        capture(parts, got, sizeof(got));
        ck_assert_uint_eq(strlen(got), LINE_LETTERS);
        ck_assert_ptr_eq(strchr(got, '\n'), got + LINE_LETTERS - 1);
}
END_TEST

START_TEST(log_without_standard_error) {
        int saved = dup(STDERR_FILENO);

        log_open("unit", false);
        ck_assert_int_eq(close(STDERR_FILENO), 0);
        log_error("no reader");
        log_warning("nor ", "this");
        ck_assert_int_eq(dup2(saved, STDERR_FILENO), STDERR_FILENO);
        fd_close(saved);
}
END_TEST

static const struct {
        const char *why, *text;
        int error;
} errno_rows[] = {
        {"EACCES", "Permission denied", EACCES},
        {"ENOENT", "No such file or directory", ENOENT},
        {"EIO", "Input/output error", EIO},
        {"a damaged index", "it is damaged", EBADMSG},
        {"a FIFO", "not a regular file", ESPIPE},
        {"another device", "another device has its name now", ESTALE},
};

START_TEST(log_names_errors) {
        const __typeof__(*errno_rows) *row = &errno_rows[_i];

        assert_row(strcmp(log_errno(-row->error), row->text) == 0, row);
}
END_TEST

static void add_log(TCase *tcase) {
        tcase_add_loop_test(tcase, log_writes_line, 0, N_ROWS(line_rows));
        tcase_add_loop_test(tcase, log_reports_device, 0, N_ROWS(about_rows));
        tcase_add_loop_test(tcase, log_cuts_long_parts, 0, 3);
        tcase_add_test(tcase, log_cuts_long_lines);
        tcase_add_test(tcase, log_without_standard_error);
        tcase_add_loop_test(tcase, log_names_errors, 0, N_ROWS(errno_rows));
}

int main(void) {
        static const struct unit_case cases[] = {
                {"log", add_log},
                {},
        };

        return unit_run("log", cases);
}
