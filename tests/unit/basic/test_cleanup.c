/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/basic: what is released at the end of its block. */
#include <fcntl.h>

#include "cleanup.h"
#include "fd.h"
#include "unit.h"

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

int main(void) {
        static const struct unit_case cases[] = {
                {"cleanup", add_cleanup},
                {},
        };

        return unit_run("cleanup", cases);
}
