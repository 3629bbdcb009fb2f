/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/basic: the names in a directory. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

#include "cleanup.h"
#include "directory.h"
#include "fd.h"
#include "unit.h"

#define N_FILES 300

struct seen {
        int dir_fd;
        int times[N_FILES]; /* of the file with that number as its name */
        int n, stop_at, r;
};

static int see(int dir_fd, const char *name, void *userdata) {
        struct seen *seen = userdata;
        int number = (name[0] - '0') * 100 + (name[1] - '0') * 10 + name[2] - '0';

        ck_assert_int_eq(dir_fd, seen->dir_fd);
        ck_assert_msg(number >= 0 && number < N_FILES, "an unexpected name: %s", name);
        seen->times[number]++;
        return ++seen->n == seen->stop_at ? seen->r : 0;
}

static void fill(const struct temp_directory *directory, int n) {
        char name[64];

        for (int i = 0; i < n; i++) {
                (void)snprintf(name, sizeof(name), "%03d.as-long-as-a-name-may-be", i);
                temp_file(directory, name, "");
        }
}

static const struct {
        const char *why;
        int n, stop_at, r, n_seen;
} directory_rows[] = {
        {"an empty directory", 0, 0, 0, 0},
        {"one name", 1, 0, 0, 1},
        {"more names than one call of the kernel gives", N_FILES, 0, 0, N_FILES},
        {"an error ends it", 9, 3, -EXDEV, 3},
        {"what is above 0 ends it, too", 9, 1, 7, 1},
        {"the end in a later batch", N_FILES, N_FILES - 1, 1, N_FILES - 1},
};

START_TEST(directory_shows_names) {
        const __typeof__(*directory_rows) *row = &directory_rows[_i];
        struct temp_directory directory = temp_directory_new();
        struct seen seen = {.dir_fd = directory.fd, .stop_at = row->stop_at, .r = row->r};

        fill(&directory, row->n);
        assert_row(directory_read(directory.fd, see, &seen) == row->r, row);
        assert_row(seen.n == row->n_seen, row);
        for (int i = 0; i < N_FILES; i++)
                assert_often(seen.times[i] <= 1, "%d came twice", i);
        fd_close(directory.fd);
}
END_TEST

START_TEST(directory_reports_errors) {
        _cleanup_close_ int file = fd_open_file(AT_FDCWD, "/dev/null");

        ck_assert_int_eq(directory_read(file, see, NULL), -ENOTDIR);
        ck_assert_int_eq(directory_read(-1, see, NULL), -EBADF);
}
END_TEST

static void add_directory(TCase *tcase) {
        tcase_add_loop_test(tcase, directory_shows_names, 0, N_ROWS(directory_rows));
        tcase_add_test(tcase, directory_reports_errors);
}

int main(void) {
        static const struct unit_case cases[] = {
                {"directory", add_directory},
                {},
        };

        return unit_run("directory", cases);
}
