/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/basic: strings, file descriptors, folders, memory and messages. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "arena.h"
#include "cleanup.h"
#include "fd.h"
#include "folder.h"
#include "log.h"
#include "text.h"
#include "unit.h"

/* --- text.h --- */

static int sign(int n) {
        return (n > 0) - (n < 0);
}

static const struct {
        const char *why, *a, *b;
        int order;
} compare_rows[] = {
        {"alike", "abc", "abc", 0},
        {"both empty", "", "", 0},
        {"the shorter one is first", "ab", "abc", -1},
        {"empty is first", "", "a", -1},
        {"by the first letter that differs", "abd", "abc", 1},
        {"a byte beyond ASCII is behind all letters", "z", "\xc3", -1},
        {"'-' is before '_'", "vfio-pci", "vfio_pci", -1},
};

START_TEST(text_orders) {
        const __typeof__(*compare_rows) *row = &compare_rows[_i];

        assert_row(sign(text_compare(row->a, row->b)) == row->order, row);
        assert_row(sign(text_compare(row->b, row->a)) == -row->order, row);
        assert_row(text_equal(row->a, row->b) == (row->order == 0), row);
}
END_TEST

static const struct {
        const char *why, *text;
        size_t length;
        const char *word;
        bool is, starts;
} prefix_rows[] = {
        {"just it", "alias", 5, "alias", true, true},
        {"the text goes on", "alias x", 5, "alias", true, true},
        {"the length goes on", "alias x", 7, "alias", false, true},
        {"the text is shorter", "ali", 3, "alias", false, false},
        {"the length is shorter", "alias", 4, "alias", false, true},
        {"another letter", "alios", 5, "alias", false, false},
        {"no letters at all", "x", 0, "", true, true},
        {"'-' is not '_' here", "a-b", 3, "a_b", false, false},
};

START_TEST(text_begins) {
        const __typeof__(*prefix_rows) *row = &prefix_rows[_i];

        assert_row(text_is(row->text, row->length, row->word) == row->is, row);
        assert_row(text_starts_with(row->text, row->word) == row->starts, row);
}
END_TEST

static const struct {
        const char *why, *path, *name;
} basename_rows[] = {
        {"the last part", "../0000:3b:00.0", "0000:3b:00.0"},
        {"of one part", "vfio", "vfio"},
        {"a slash at the end", "a/", ""},
        {"nothing", "", ""},
};

START_TEST(text_finds_last_part) {
        const __typeof__(*basename_rows) *row = &basename_rows[_i];

        assert_row(strcmp(text_basename(row->path), row->name) == 0, row);
}
END_TEST

static bool among(int c, const char *letters) {
        return c && strchr(letters, c);
}

/* Each byte that there is, against the letters written out. */
START_TEST(text_knows_letters) {
        const char *digits = "0123456789", *blanks = " \t";
        const char *letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        char c = (char)_i;

        ck_assert_int_eq(text_is_digit(c), among(_i, digits));
        ck_assert_int_eq(text_is_alphanumeric(c), among(_i, digits) || among(_i, letters));
        ck_assert_int_eq(text_is_blank(c), among(_i, blanks));
        ck_assert_int_eq(text_is_graph(c), _i > 32 && _i < 127);
        ck_assert_int_eq(text_is_word(&c, 1), _i > 32 && _i < 127);
        ck_assert_int_eq(text_underscored(c), c == '-' ? '_' : c);
        ck_assert_int_eq(text_has("a1 \x7f", c), among(_i, "a1 \x7f"));
}
END_TEST

static const struct {
        const char *why, *text;
        size_t length;
        bool is;
} word_rows[] = {
        {"letters that are seen", "vfio_pci:v*", 11, true},
        {"none", "x", 0, false},
        {"a blank among them", "a b", 3, false},
        {"a blank behind them", "a b", 1, true},
        {"a byte beyond ASCII at the end", "ab\x80", 3, false},
        {"a NUL among them", "a\0b", 3, false},
};

START_TEST(text_knows_words) {
        const __typeof__(*word_rows) *row = &word_rows[_i];

        assert_row(text_is_word(row->text, row->length) == row->is, row);
}
END_TEST

static const struct {
        const char *why, *text, *name;
        int at; /* -1: nowhere */
} find_rows[] = {
        {"at the begin", "vfio_pci", "vfio", 0},
        {"in the middle", "alias vfio_pci", "vfio", 6},
        {"'-' stands for '_'", "a vfio-pci", "vfio_pci", 2},
        {"'_' stands for '-'", "a vfio_pci", "vfio-pci", 2},
        {"the first of two", "vfio vfio", "vfio", 0},
        {"a begin of it, then all of it", "vfvfio", "vfio", 2},
        {"only a begin of it, at the end", "xxvfi", "vfio", -1},
        {"not there", "modules", "vfio", -1},
        {"in nothing", "", "vfio", -1},
};

START_TEST(text_finds_names) {
        const __typeof__(*find_rows) *row = &find_rows[_i];
        const char *found = text_find_name(row->text, strlen(row->text), row->name);

        assert_row((found ? (int)(found - row->text) : -1) == row->at, row);
        assert_row(text_begins_with_name(row->text, strlen(row->text), row->name) == (row->at == 0),
                   row);
}
END_TEST

#define FIND_LENGTH 70

/* At each place of a text that ends where its memory does. */
static const char *const searched[] = {"vfio", "vfio_pci", "a-b", "_b", "blacklist="};

START_TEST(text_finds_names_anywhere) {
        size_t length = (size_t)_i;
        char *text = malloc(length + (length == 0));

        for (int i = 0; i < N_ROWS(searched); i++) {
                size_t n = strlen(searched[i]);

                memset(text, 'v', length);
                ck_assert_ptr_null(text_find_name(text, length, searched[i]));
                for (size_t at = 0; at + n <= length; at++) {
                        memset(text, i % 2 ? 'v' : 'a', length);
                        memcpy(text + at, searched[i], n);
                        assert_often(text_find_name(text, length, searched[i]) == text + at,
                                     "%s at %zu of %zu", searched[i], at, length);
                        assert_often(!text_find_name(text, at + n - 1, searched[i]),
                                     "%s before %zu of %zu", searched[i], at, length);
                }
        }
        free(text);
}
END_TEST

START_TEST(text_search_keeps_to_length) {
        ck_assert_ptr_null(text_find_name("ab vfio", 6, "vfio"));
        ck_assert(!text_begins_with_name("vfio", 3, "vfio"));
        ck_assert(text_begins_with_name("vfio", 0, ""));
}
END_TEST

static const struct {
        const char *why;
        size_t size;
        const char *a, *b;
        bool fits;
} join_rows[] = {
        {"room to spare", 16, "abc", "def", true},
        {"room to the byte", 7, "abc", "def", true},
        {"no room for the NUL", 6, "abc", "def", false},
        {"no room for the first", 3, "abc", "", false},
        {"room for the first only", 4, "abc", "d", false},
        {"an empty second", 4, "abc", "", true},
        {"an empty first", 4, "", "abc", true},
        {"no room at all", 0, "", "", false},
};

START_TEST(text_joins) {
        const __typeof__(*join_rows) *row = &join_rows[_i];
        char whole[32], joined[32];

        memset(joined, '#', sizeof(joined));
        (void)snprintf(whole, sizeof(whole), "%s%s", row->a, row->b);
        assert_row(text_join(joined, row->size, row->a, row->b) == row->fits, row);
        assert_row(!row->fits || strcmp(joined, whole) == 0, row);
        assert_row(joined[row->size] == '#', row);
}
END_TEST

START_TEST(text_puts) {
        char put[8] = "#######";

        ck_assert_uint_eq(text_put(put, 4, "abc"), 3);
        ck_assert_str_eq(put, "abc");
        ck_assert_int_eq(put[4], '#');
        ck_assert_uint_eq(text_put(put, 3, "abc"), 3);
        text_copy(put, "xyz", 2);
        ck_assert_str_eq(put, "xyc");
        ck_assert_uint_eq(text_length(""), 0);
        ck_assert_uint_eq(text_length("abc"), 3);
}
END_TEST

#define SAME_LENGTH 40

/* A letter that differs at each place, of texts of each length; and what lies behind them. */
START_TEST(text_compares_and_copies_bytes) {
        size_t length = (size_t)_i;
        char a[SAME_LENGTH + 1], b[SAME_LENGTH + 1], copy[SAME_LENGTH + 1];

        memset(a, 'a', sizeof(a));
        memset(b, 'a', sizeof(b));
        a[length] = 'x';
        b[length] = 'y';
        assert_often(text_is_same(a, b, length), "length %zu", length);
        for (size_t at = 0; at < length; at++) {
                b[at] = '\0';
                assert_often(!text_is_same(a, b, length), "%zu of %zu", at, length);
                memset(copy, '#', sizeof(copy));
                text_copy(copy, b, length);
                assert_often(text_is_same(copy, b, length) && copy[length] == '#', "%zu of %zu", at,
                             length);
                b[at] = 'a';
        }
}
END_TEST

static void add_text(TCase *tcase) {
        tcase_add_loop_test(tcase, text_orders, 0, N_ROWS(compare_rows));
        tcase_add_loop_test(tcase, text_begins, 0, N_ROWS(prefix_rows));
        tcase_add_loop_test(tcase, text_finds_last_part, 0, N_ROWS(basename_rows));
        tcase_add_loop_test(tcase, text_knows_letters, 0, 256);
        tcase_add_loop_test(tcase, text_knows_words, 0, N_ROWS(word_rows));
        tcase_add_loop_test(tcase, text_finds_names, 0, N_ROWS(find_rows));
        tcase_add_loop_test(tcase, text_finds_names_anywhere, 0, FIND_LENGTH);
        tcase_add_test(tcase, text_search_keeps_to_length);
        tcase_add_loop_test(tcase, text_joins, 0, N_ROWS(join_rows));
        tcase_add_test(tcase, text_puts);
        tcase_add_loop_test(tcase, text_compares_and_copies_bytes, 0, SAME_LENGTH);
}

/* --- cleanup.h --- */

static bool is_open(int fd) {
        return fcntl(fd, F_GETFD) >= 0;
}

START_TEST(cleanup_closes) {
        int seen, kept;

        {
                _cleanup_close_ int fd = fd_open_file(AT_FDCWD, "/dev/null");
                _cleanup_close_ int none = -1;

                seen = fd;
                ck_assert(is_open(seen) && none == -1);
        }
        ck_assert(!is_open(seen));
        {
                _cleanup_close_ int fd = fd_open_file(AT_FDCWD, "/dev/null");

                kept = take_fd(&fd);
                ck_assert_int_eq(fd, -1);
        }
        ck_assert(is_open(kept));
        fd_close(kept);
}
END_TEST

static int n_released;

static void release(const char *text) {
        n_released += text != NULL;
}

DEFINE_CLEANUP(const char *, release);

START_TEST(cleanup_releases) {
        const char *taken;

        {
                _cleanup_(releasep) const char *owned = "a";
                _cleanup_(releasep) const char *given = "b";
                _cleanup_(releasep) const char *none = NULL;

                taken = take_pointer(given);
                ck_assert(owned && !given && !none);
        }
        ck_assert_int_eq(n_released, 1);
        ck_assert_str_eq(taken, "b");
}
END_TEST

static void add_cleanup(TCase *tcase) {
        tcase_add_test(tcase, cleanup_closes);
        tcase_add_test(tcase, cleanup_releases);
}

/* --- fd.h --- */

/* A folder with one of each: a file, a folder, links to both and to nowhere, a FIFO. */
static struct temp_folder one_of_each(void) {
        struct temp_folder folder = temp_folder_new();

        temp_file(&folder, "file", "0123456789");
        ck_assert_int_eq(mkdirat(folder.fd, "folder", 0755), 0);
        ck_assert_int_eq(symlinkat("file", folder.fd, "to-file"), 0);
        ck_assert_int_eq(symlinkat("folder", folder.fd, "to-folder"), 0);
        ck_assert_int_eq(symlinkat("nowhere", folder.fd, "to-nowhere"), 0);
        ck_assert_int_eq(symlinkat("loop", folder.fd, "loop"), 0);
        ck_assert_int_eq(mkfifoat(folder.fd, "fifo", 0644), 0);
        return folder;
}

static const struct {
        const char *why, *name;
        int as_folder, as_file; /* 0: opens */
        int64_t read;           /* what reading the file gives */
} open_rows[] = {
        {"a file", "file", -ENOTDIR, 0, 10},
        {"a folder opens as a file as well, to be told by the read", "folder", 0, 0, -EISDIR},
        {"links are followed, to a file", "to-file", -ENOTDIR, 0, 10},
        {"links are followed, to a folder", "to-folder", 0, 0, -EISDIR},
        {"a link to nowhere", "to-nowhere", -ENOENT, -ENOENT, 0},
        {"a link to itself", "loop", -ELOOP, -ELOOP, 0},
        {"nothing", "nothing", -ENOENT, -ENOENT, 0},
        {"a FIFO without a writer doesn't stop us", "fifo", -ENOTDIR, 0, -ESPIPE},
        {"a file as a folder", "file/x", -ENOTDIR, -ENOTDIR, 0},
        {"an absolute path", "/dev/null", -ENOTDIR, 0, 0},
};

static void check_opened(int fd, int expected, const char *why) {
        ck_assert_msg(expected < 0 ? fd == expected : fd >= 0, "%s: %d", why, fd);
        ck_assert_msg(fd < 0 || fcntl(fd, F_GETFD) == FD_CLOEXEC, "%s: not closed on exec", why);
}

START_TEST(fd_opens) {
        const __typeof__(*open_rows) *row = &open_rows[_i];
        struct temp_folder folder = one_of_each();
        int as_folder = fd_open_folder(folder.fd, row->name);
        int as_file = fd_open_file(folder.fd, row->name);
        char bytes[16];

        check_opened(as_folder, row->as_folder, row->why);
        check_opened(as_file, row->as_file, row->why);
        if (as_file >= 0)
                assert_row(fd_read_some(as_file, bytes, sizeof(bytes), 0) == row->read, row);
        fd_close(as_folder);
        fd_close(as_file);
        fd_close(folder.fd);
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

START_TEST(fd_tells_size) {
        const __typeof__(*size_rows) *row = &size_rows[_i];
        struct temp_folder folder = one_of_each();
        int fd = fd_open_file(folder.fd, row->name);
        uint64_t size = 77;

        assert_row(fd_size(fd, &size) == row->r, row);
        assert_row(size == (row->r < 0 ? 77 : row->size), row);
        fd_close(fd);
        fd_close(folder.fd);
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
        struct temp_folder folder = one_of_each();
        int fd = fd_open_file(folder.fd, "file");
        char bytes[16] = "";

        assert_row(fd_read_at(fd, bytes, row->size, row->offset) == row->r, row);
        memset(bytes, 0, sizeof(bytes));
        assert_row(fd_read_some(fd, bytes, row->size, row->offset) == row->up_to, row);
        assert_row(strcmp(bytes, row->bytes) == 0, row);
        fd_close(fd);
        fd_close(folder.fd);
}
END_TEST

#define PIPE_BYTES ((size_t)1024 * 1024)

static void on_alarm(int number) {
        (void)number;
}

/* Counts what comes out of the pipe, slowly at first. Exits 0 where it was all of PIPE_BYTES. */
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

/* Signals that interrupt it, before and amid a write, cost nothing. */
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

START_TEST(fd_tells_what_is_not_written) {
        _cleanup_close_ int full = open("/dev/full", O_WRONLY | O_CLOEXEC);

        ck_assert_int_eq(fd_write_all(full, "x", 1), -ENOSPC);
        ck_assert_int_eq(fd_write_all(full, "", 0), 0);
        ck_assert_int_eq(fd_write_all(-1, "x", 1), -EBADF);
}
END_TEST

static void add_fd(TCase *tcase) {
        tcase_add_loop_test(tcase, fd_opens, 0, N_ROWS(open_rows));
        tcase_add_test(tcase, fd_close_keeps_errno);
        tcase_add_loop_test(tcase, fd_tells_size, 0, N_ROWS(size_rows));
        tcase_add_loop_test(tcase, fd_reads, 0, N_ROWS(read_rows));
        tcase_add_test(tcase, fd_writes_all);
        tcase_add_test(tcase, fd_tells_what_is_not_written);
}

/* --- folder.h --- */

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
        ck_assert_msg(number >= 0 && number < N_FILES, "a name nobody gave: %s", name);
        seen->times[number]++;
        return ++seen->n == seen->stop_at ? seen->r : 0;
}

static void fill(const struct temp_folder *folder, int n) {
        char name[64];

        for (int i = 0; i < n; i++) {
                (void)snprintf(name, sizeof(name), "%03d.as-long-as-a-name-may-be", i);
                temp_file(folder, name, "");
        }
}

static const struct {
        const char *why;
        int n, stop_at, r, n_seen;
} folder_rows[] = {
        {"an empty folder", 0, 0, 0, 0},
        {"one name", 1, 0, 0, 1},
        {"more names than one call of the kernel gives", N_FILES, 0, 0, N_FILES},
        {"an error ends it", 9, 3, -EXDEV, 3},
        {"what is above 0 ends it, too", 9, 1, 7, 1},
        {"the end in a later batch", N_FILES, N_FILES - 1, 1, N_FILES - 1},
};

START_TEST(folder_shows_names) {
        const __typeof__(*folder_rows) *row = &folder_rows[_i];
        struct temp_folder folder = temp_folder_new();
        struct seen seen = {.dir_fd = folder.fd, .stop_at = row->stop_at, .r = row->r};

        fill(&folder, row->n);
        assert_row(folder_read(folder.fd, see, &seen) == row->r, row);
        assert_row(seen.n == row->n_seen, row);
        for (int i = 0; i < N_FILES; i++)
                assert_often(seen.times[i] <= 1, "%d came twice", i);
        fd_close(folder.fd);
}
END_TEST

START_TEST(folder_tells_errors) {
        _cleanup_close_ int file = fd_open_file(AT_FDCWD, "/dev/null");

        ck_assert_int_eq(folder_read(file, see, NULL), -ENOTDIR);
        ck_assert_int_eq(folder_read(-1, see, NULL), -EBADF);
}
END_TEST

static void add_folder(TCase *tcase) {
        tcase_add_loop_test(tcase, folder_shows_names, 0, N_ROWS(folder_rows));
        tcase_add_test(tcase, folder_tells_errors);
}

/* --- arena.h --- */

static const size_t piece_sizes[] = {1, 3, 16, 17, 4096, 65536, 100000, 40000, 40000, 1};

static bool is_all(const char *bytes, size_t n, char c) {
        for (size_t i = 0; i < n; i++)
                if (bytes[i] != c)
                        return false;
        return true;
}

static size_t sum_of_pieces(void) {
        size_t sum = 0;

        for (int i = 0; i < N_ROWS(piece_sizes); i++)
                sum += piece_sizes[i];
        return sum;
}

/* Takes pieces of all sizes, each zero and aligned, and fills them. */
static void take_pieces(struct arena *arena, char *pieces[]) {
        for (int i = 0; i < N_ROWS(piece_sizes); i++) {
                pieces[i] = arena_take(arena, piece_sizes[i]);
                ck_assert_ptr_nonnull(pieces[i]);
                ck_assert_uint_eq((uintptr_t)pieces[i] % _Alignof(max_align_t), 0);
                ck_assert_msg(is_all(pieces[i], piece_sizes[i], 0), "piece %d is not zero", i);
                memset(pieces[i], 'a' + i, piece_sizes[i]);
        }
}

START_TEST(arena_gives_pieces) {
        struct arena arena = {};
        char *pieces[N_ROWS(piece_sizes)];

        for (int round = 0; round < 2; round++) {
                take_pieces(&arena, pieces);
                for (int i = 0; i < N_ROWS(piece_sizes); i++)
                        ck_assert_msg(is_all(pieces[i], piece_sizes[i], (char)('a' + i)),
                                      "piece %d lies on another", i);
                ck_assert_uint_ge(arena.taken, sum_of_pieces());
                arena_done(&arena);
                ck_assert(!arena.chunks && !arena.left && !arena.taken);
        }
        arena_done(&arena);
}
END_TEST

START_TEST(arena_copies_text) {
        struct arena arena = {};
        char text[] = "vfio_pci";
        const char *copy = arena_text(&arena, text), *empty = arena_text(&arena, "");

        text[0] = 'x';
        ck_assert_str_eq(copy, "vfio_pci");
        ck_assert_str_eq(empty, "");
        arena_done(&arena);
        memory_is_short();
        copy = arena_text(&arena, text);
        memory_is_back();
        ck_assert_ptr_null(copy);
}
END_TEST

/* What is taken again lies where the newest chunk is, and no more memory is asked for. */
START_TEST(arena_is_rewound) {
        struct arena arena = {};
        char *first, *again;

        arena_rewind(&arena);
        ck_assert_ptr_null(arena.chunks);
        ck_assert_ptr_nonnull(arena_take(&arena, 100));
        first = arena_take(&arena, 1000000); /* a chunk of its own */
        arena_rewind(&arena);
        ck_assert_uint_eq(arena.taken, 0);
        memory_is_short();
        again = arena_take(&arena, 1000000);
        memory_is_back();
        ck_assert_ptr_eq(again, first);
        memset(again, 'x', 1000000);
        arena_rewind(&arena);
        ck_assert_ptr_eq(arena_take(&arena, 8), first);
        arena_done(&arena);
        ck_assert(!arena.chunks && !arena.left && !arena.taken);
}
END_TEST

static const size_t too_large[] = {SIZE_MAX,         SIZE_MAX - 15,      SIZE_MAX - 64,
                                   SIZE_MAX / 2 + 1, SIZE_MAX / 2 - 100, SIZE_MAX / 4};

START_TEST(arena_refuses_what_there_is_not) {
        struct arena arena = {};
        char *piece = arena_take(&arena, 8);
        size_t left = arena.left, taken = arena.taken;

        ck_assert_ptr_nonnull(piece);
        ck_assert_ptr_null(arena_take(&arena, too_large[_i]));
        ck_assert(arena.left == left && arena.taken == taken);
        ck_assert_ptr_nonnull(arena_take(&arena, 8));
        arena_done(&arena);
}
END_TEST

START_TEST(arena_without_memory) {
        struct arena arena = {};
        void *piece;

        memory_is_short();
        piece = arena_take(&arena, 8);
        memory_is_back();
        ck_assert_ptr_null(piece);
        ck_assert(!arena.chunks && !arena.left && !arena.taken);
}
END_TEST

#ifdef __SANITIZE_ADDRESS__
/* The sanitizer sees the bounds of each piece, though all of them lie in one mapping. */
START_TEST(arena_overflow_is_caught) {
        struct arena arena = {};
        volatile char *piece = arena_take(&arena, 13);
        pid_t child = fork();
        int status;

        if (child == 0) {
                (void)close(STDERR_FILENO); /* what it says of this one is no news */
                piece[13 + _i] = 1;
                _exit(0);
        }
        ck_assert_int_eq(waitpid(child, &status, 0), child);
        ck_assert_int_ne(status, 0);
        arena_done(&arena);
}
END_TEST
#endif

static void add_arena(TCase *tcase) {
        tcase_add_test(tcase, arena_gives_pieces);
        tcase_add_loop_test(tcase, arena_refuses_what_there_is_not, 0, N_ROWS(too_large));
        tcase_add_test(tcase, arena_without_memory);
        tcase_add_test(tcase, arena_copies_text);
        tcase_add_test(tcase, arena_is_rewound);
#ifdef __SANITIZE_ADDRESS__
        tcase_add_loop_test(tcase, arena_overflow_is_caught, 0, 16);
#endif
}

/* --- log.h --- */

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

START_TEST(log_tells_device) {
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
        log_error("nobody hears this");
        log_warning("nor ", "this");
        ck_assert_int_eq(dup2(saved, STDERR_FILENO), STDERR_FILENO);
        fd_close(saved);
}
END_TEST

static const struct {
        const char *why, *text;
        int error;
} errno_rows[] = {
        {"EACCES", "permission denied", EACCES},
        {"EPERM", "permission denied", EPERM},
        {"EBADF", "it is closed", EBADF},
        {"EBADMSG", "it is damaged", EBADMSG},
        {"EBUSY", "it is in use", EBUSY},
        {"EDQUOT", "no space left", EDQUOT},
        {"EFBIG", "it is too large", EFBIG},
        {"EINVAL", "not valid", EINVAL},
        {"EISDIR", "it is a folder", EISDIR},
        {"ELOOP", "too many links", ELOOP},
        {"EMFILE", "too many open files", EMFILE},
        {"ENFILE", "too many open files", ENFILE},
        {"ENAMETOOLONG", "the name is too long", ENAMETOOLONG},
        {"ENODEV", "no such device", ENODEV},
        {"ENOENT", "no such file or folder", ENOENT},
        {"ENOMEM", "out of memory", ENOMEM},
        {"ENOSPC", "no space left", ENOSPC},
        {"ENOTDIR", "it is no folder", ENOTDIR},
        {"EPIPE", "nobody reads it", EPIPE},
        {"EROFS", "it can only be read", EROFS},
        {"ESPIPE", "it is no file", ESPIPE},
        {"ESTALE", "another device has its name now", ESTALE},
        {"EIO", "input/output error", EIO},
        {"one that no program here meets", "input/output error", EXDEV},
};

START_TEST(log_names_errors) {
        const __typeof__(*errno_rows) *row = &errno_rows[_i];

        assert_row(strcmp(log_errno(-row->error), row->text) == 0, row);
}
END_TEST

static void add_log(TCase *tcase) {
        tcase_add_loop_test(tcase, log_writes_line, 0, N_ROWS(line_rows));
        tcase_add_loop_test(tcase, log_tells_device, 0, N_ROWS(about_rows));
        tcase_add_loop_test(tcase, log_cuts_long_parts, 0, 3);
        tcase_add_test(tcase, log_cuts_long_lines);
        tcase_add_test(tcase, log_without_standard_error);
        tcase_add_loop_test(tcase, log_names_errors, 0, N_ROWS(errno_rows));
}

int main(void) {
        static const struct unit_case cases[] = {
                {"text", add_text},
                {"cleanup", add_cleanup},
                {"fd", add_fd},
                {"folder", add_folder},
                {"arena", add_arena},
                {"log", add_log},
                {},
        };

        return unit_run("basic", cases);
}
