/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/basic: file descriptors. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cleanup.h"
#include "fd.h"
#include "unit.h"

/* A directory with one of each: a file, a directory, links to both and to nowhere, a FIFO. */
static struct temp_directory one_of_each(void) {
        struct temp_directory directory = temp_directory_new();

        temp_file(&directory, "file", "0123456789");
        ck_assert_int_eq(mkdirat(directory.fd, "directory", 0755), 0);
        ck_assert_int_eq(symlinkat("file", directory.fd, "to-file"), 0);
        ck_assert_int_eq(symlinkat("directory", directory.fd, "to-directory"), 0);
        ck_assert_int_eq(symlinkat("nowhere", directory.fd, "to-nowhere"), 0);
        ck_assert_int_eq(symlinkat("loop", directory.fd, "loop"), 0);
        ck_assert_int_eq(mkfifoat(directory.fd, "fifo", 0644), 0);
        return directory;
}

static const struct {
        const char *why, *name;
        int as_directory, as_file; /* 0: opens */
        int64_t read;              /* what reading the file gives */
} open_rows[] = {
        {"a file", "file", -ENOTDIR, 0, 10},
        {"a directory opens as a file as well, to be told by the read", "directory", 0, 0, -EISDIR},
        {"links are followed, to a file", "to-file", -ENOTDIR, 0, 10},
        {"links are followed, to a directory", "to-directory", 0, 0, -EISDIR},
        {"a link to nowhere", "to-nowhere", -ENOENT, -ENOENT, 0},
        {"a link to itself", "loop", -ELOOP, -ELOOP, 0},
        {"nothing", "nothing", -ENOENT, -ENOENT, 0},
        {"a FIFO without a writer doesn't stop us", "fifo", -ENOTDIR, 0, -ESPIPE},
        {"a file as a directory", "file/x", -ENOTDIR, -ENOTDIR, 0},
        {"an absolute path", "/dev/null", -ENOTDIR, 0, 0},
};

static void check_opened(int fd, int expected, const char *why) {
        ck_assert_msg(expected < 0 ? fd == expected : fd >= 0, "%s: %d", why, fd);
        ck_assert_msg(fd < 0 || fcntl(fd, F_GETFD) == FD_CLOEXEC, "%s: not closed on exec", why);
}

START_TEST(fd_opens) {
        const __typeof__(*open_rows) *row = &open_rows[_i];
        struct temp_directory directory = one_of_each();
        int as_directory = fd_open_directory(directory.fd, row->name);
        int as_file = fd_open_file(directory.fd, row->name);
        char bytes[16];

        check_opened(as_directory, row->as_directory, row->why);
        check_opened(as_file, row->as_file, row->why);
        if (as_file >= 0)
                assert_row(fd_read_some(as_file, bytes, sizeof(bytes), 0) == row->read, row);
        fd_close(as_directory);
        fd_close(as_file);
        fd_close(directory.fd);
}
END_TEST

START_TEST(fd_close_keeps_errno) {
        int fd = fd_open_file(AT_FDCWD, "/dev/null");

        errno = EXDEV;
        fd_close(fd);
        ck_assert_int_eq(errno, EXDEV);
        ck_assert(!is_open(fd));
        errno = EXDEV;
        fd_close(fd); /* closed already */
        fd_close(-1);
        ck_assert_int_eq(errno, EXDEV);
}
END_TEST

static const struct {
        const char *why, *name;
        int r;
        uint64_t size;
} size_rows[] = {
        {"a file", "file", 0, 10},
        {"a device", "/dev/null", 0, 0},
        {"a FIFO", "fifo", -ESPIPE, 0},
};

START_TEST(fd_reports_size) {
        const __typeof__(*size_rows) *row = &size_rows[_i];
        struct temp_directory directory = one_of_each();
        int fd = fd_open_file(directory.fd, row->name);
        uint64_t size = 77;

        assert_row(fd_size(fd, &size) == row->r, row);
        assert_row(size == (row->r < 0 ? 77 : row->size), row);
        fd_close(fd);
        fd_close(directory.fd);
        ck_assert_int_eq(fd_size(-1, &size), -EBADF);
}
END_TEST

static const struct {
        const char *why;
        size_t size;
        uint64_t offset;
        int r;         /* of all or nothing */
        ssize_t up_to; /* of as much as there is */
        const char *bytes;
} read_rows[] = {
        {"all of it", 10, 0, 0, 10, "0123456789"},
        {"from the middle", 4, 3, 0, 4, "3456"},
        {"to the end", 3, 7, 0, 3, "789"},
        {"one byte beyond the end", 4, 7, -EBADMSG, 3, "789"},
        {"from the end", 1, 10, -EBADMSG, 0, ""},
        {"from far beyond", 1, 4096, -EBADMSG, 0, ""},
        {"nothing", 0, 10, 0, 0, ""},
        {"where no file can be", 1, UINT64_MAX - 7, -EINVAL, -EINVAL, ""},
};

START_TEST(fd_reads) {
        const __typeof__(*read_rows) *row = &read_rows[_i];
        struct temp_directory directory = one_of_each();
        int fd = fd_open_file(directory.fd, "file");
        char bytes[16] = "";

        assert_row(fd_read_at(fd, bytes, row->size, row->offset) == row->r, row);
        memset(bytes, 0, sizeof(bytes));
        assert_row(fd_read_some(fd, bytes, row->size, row->offset) == row->up_to, row);
        assert_row(strcmp(bytes, row->bytes) == 0, row);
        fd_close(fd);
        fd_close(directory.fd);
}
END_TEST

#define PIPE_BYTES ((size_t)1024 * 1024)

static void on_alarm(int number) {
        (void)number;
}

/* Counts the bytes from the pipe, slowly at first. Exits with 0 if there were PIPE_BYTES. */
static pid_t start_reader(int in, int out) {
        pid_t child = fork();
        char bytes[4096];
        size_t n_bytes = 0;
        ssize_t n;

        if (child != 0)
                return child;
        fd_close(out);
        (void)usleep(50000);
        while ((n = read(in, bytes, sizeof(bytes))) > 0)
                n_bytes += (size_t)n;
        _exit(n_bytes != PIPE_BYTES);
}

/* Signals that interrupt a write, before or during it, lose nothing. */
START_TEST(fd_writes_all) {
        const struct itimerval often = {{0, 1000}, {0, 1000}}, never = {};
        const struct sigaction interrupt = {.sa_handler = on_alarm};
        static char bytes[PIPE_BYTES];
        int ends[2], status;
        pid_t reader;

        ck_assert_int_eq(pipe(ends), 0);
        reader = start_reader(ends[0], ends[1]);
        ck_assert_int_eq(sigaction(SIGALRM, &interrupt, NULL), 0);
        ck_assert_int_eq(setitimer(ITIMER_REAL, &often, NULL), 0);
        ck_assert_int_eq(fd_write_all(ends[1], bytes, sizeof(bytes)), 0);
        ck_assert_int_eq(setitimer(ITIMER_REAL, &never, NULL), 0);
        fd_close(ends[1]);
        fd_close(ends[0]);
        ck_assert_int_eq(waitpid(reader, &status, 0), reader);
        ck_assert_int_eq(status, 0);
}
END_TEST

START_TEST(fd_reports_what_is_not_written) {
        _cleanup_close_ int full = open("/dev/full", O_WRONLY | O_CLOEXEC);

        ck_assert_int_eq(fd_write_all(full, "x", 1), -ENOSPC);
        ck_assert_int_eq(fd_write_all(full, "", 0), 0);
        ck_assert_int_eq(fd_write_all(-1, "x", 1), -EBADF);
}
END_TEST

static void add_fd(TCase *tcase) {
        tcase_add_loop_test(tcase, fd_opens, 0, N_ROWS(open_rows));
        tcase_add_test(tcase, fd_close_keeps_errno);
        tcase_add_loop_test(tcase, fd_reports_size, 0, N_ROWS(size_rows));
        tcase_add_loop_test(tcase, fd_reads, 0, N_ROWS(read_rows));
        tcase_add_test(tcase, fd_writes_all);
        tcase_add_test(tcase, fd_reports_what_is_not_written);
}

int main(void) {
        static const struct unit_case cases[] = {
                {"fd", add_fd},
                {},
        };

        return unit_run("fd", cases);
}
