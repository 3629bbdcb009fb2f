/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the unit tests share: temporary directories, and the run of a suite. */
#include "unit.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fd.h"
#include "text.h"

/* Seconds: a busy machine does not take so long, only a test that hangs. */
#define TIMEOUT 900

/* Above the directories of all tests. Made before the first test, in whose process a failure ends.
 */
static char root[64];

static void join(char *ret, size_t size, const char *directory, const char *name) {
        char head[128];

        if (!text_join(head, sizeof(head), directory, "/") || !text_join(ret, size, head, name))
                abort();
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk) {
        (void)status;
        (void)type;
        (void)walk;
        return remove(path);
}

static void make_root(void) {
        const char *directory = getenv("TMPDIR");

        join(root, sizeof(root), directory && *directory ? directory : "/tmp", "unit-XXXXXX");
        if (!mkdtemp(root)) {
                perror(root);
                abort();
        }
}

static Suite *make_suite(const char *room, const struct unit_case *cases) {
        Suite *suite = suite_create(room);

        for (; cases->name; cases++) {
                TCase *tcase = tcase_create(cases->name);

                tcase_set_timeout(tcase, TIMEOUT);
                cases->add(tcase);
                suite_add_tcase(suite, tcase);
        }
        return suite;
}

int unit_run(const char *room, const struct unit_case *cases) {
        SRunner *runner = srunner_create(make_suite(room, cases));
        int n_failed;

        make_root();
        srunner_run_all(runner, CK_ENV);
        n_failed = srunner_ntests_run(runner) > 0 ? srunner_ntests_failed(runner) : 1;
        srunner_free(runner);
        if (nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS) < 0)
                perror(root);
        return n_failed > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

struct temp_directory temp_directory_new(void) {
        struct temp_directory directory;

        join(directory.path, sizeof(directory.path), root, "XXXXXX");
        ck_assert_msg(mkdtemp(directory.path) != NULL, "cannot make a directory below %s", root);
        directory.fd = fd_open_directory(AT_FDCWD, directory.path);
        ck_assert_int_ge(directory.fd, 0);
        return directory;
}

void temp_file_bytes(const struct temp_directory *directory, const char *name, const void *bytes,
                     size_t n) {
        int fd = openat(directory->fd, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

        ck_assert_int_ge(fd, 0);
        ck_assert_int_eq(fd_write_all(fd, bytes, n), 0);
        fd_close(fd);
}

void temp_file(const struct temp_directory *directory, const char *name, const char *text) {
        temp_file_bytes(directory, name, text, strlen(text));
}

bool is_open(int fd) {
        return fcntl(fd, F_GETFD) >= 0;
}

char *repeated(char *ret, char character, size_t n) {
        memset(ret, character, n);
        ret[n] = '\0';
        return ret;
}

int join_text(const char *text, void *userdata) {
        char *joined = userdata;
        size_t n = strlen(joined);

        ck_assert_uint_lt(n + strlen(text) + 2, JOINED_SIZE);
        (void)snprintf(joined + n, JOINED_SIZE - n, "%s;", text);
        return 0;
}

bool is_untouched(const void *what, size_t size) {
        const char *bytes = what;

        while (size > 0 && bytes[size - 1] == '#')
                size--;
        return size == 0;
}

/* The linker has all that is linked with this call these, and not libc's own: ld(1), --wrap. With
 * files of 64 bits mmap(2) is mmap64(). */
/* Also to a shared library under a sanitizer */
#define _visible_ __attribute__((visibility("default")))
void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
_visible_ void *__wrap_malloc(size_t size);
_visible_ void *__wrap_calloc(size_t n, size_t size);
void *__real_mmap64(void *address, size_t size, int protection, int flags, int fd, off_t offset);
_visible_ void *__wrap_mmap64(void *address, size_t size, int protection, int flags, int fd,
                              off_t offset);

static volatile bool is_short; /* to the compiler calloc(3) looks at nothing of ours */

void *__wrap_malloc(size_t size) {
        return is_short ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size) {
        return is_short ? NULL : __real_calloc(n, size);
}

void *__wrap_mmap64(void *address, size_t size, int protection, int flags, int fd, off_t offset) {
        return is_short ? MAP_FAILED : __real_mmap64(address, size, protection, flags, fd, offset);
}

void memory_is_short(void) {
        is_short = true;
}

void memory_is_back(void) {
        is_short = false;
}

static void limit_mappings(rlim_t limit) {
        struct rlimit limits;

        ck_assert_int_eq(getrlimit(RLIMIT_AS, &limits), 0);
        limits.rlim_cur = limit < limits.rlim_max ? limit : limits.rlim_max;
        ck_assert_int_eq(setrlimit(RLIMIT_AS, &limits), 0);
}

void mappings_fail(void) {
        limit_mappings(0);
}

void mappings_work(void) {
        limit_mappings(RLIM_INFINITY);
}

struct rlimit no_descriptors_left(void) {
        struct rlimit limits, none;

        ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limits), 0);
        none = (struct rlimit){0, limits.rlim_max};
        ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
        return limits;
}

unsigned next_random(unsigned *state, unsigned below) {
        *state = *state * 1664525 + 1013904223; /* the factors of Numerical Recipes */
        return (*state >> 16) % below;
}
