/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/choice: is the module index whole? */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "choice.h"
#include "fd.h"
#include "index.h"
#include "test_choice.h"

/* Opens and asks. */
static int check(const struct temp_directory *directory, const char **ret) {
        struct choice_source *source;
        int r;

        ck_assert_int_eq(choice_source_open(directory->path, NULL, &source), 0);
        r = index_check(choice_source_index(source), ret);
        choice_source_close(source);
        return r;
}

static void remove_file(const struct temp_directory *directory, const char *name) {
        ck_assert(unlinkat(directory->fd, name, 0) == 0 || errno == ENOENT);
}

static const struct {
        const char *why, *file, *text; /* FILE is damaged; TEXT, its text form, stays or goes */
        bool is_cut;                   /* in its midst; else it is nonsense */
} damage_rows[] = {
        {"aliases", "modules.alias.bin", NULL, false},
        {"aliases, without a text", "modules.alias.bin", "modules.alias", false},
        {"aliases of built-in modules", "modules.builtin.alias.bin", NULL, false},
        {"modules", "modules.dep.bin", NULL, false},
        {"modules, without a text", "modules.dep.bin", "modules.dep", false},
        {"built-in modules", "modules.builtin.bin", NULL, false},
        {"aliases that are cut", "modules.alias.bin", "modules.alias", true},
        {"modules that are cut", "modules.dep.bin", NULL, true},
};

START_TEST(damage_is_found) {
        const __typeof__(*damage_rows) *row = &damage_rows[_i];
        struct temp_directory directory = copy_of_tree();
        const char *damaged = NULL;

        if (row->is_cut) {
                int fd = openat(directory.fd, row->file, O_WRONLY | O_CLOEXEC);
                uint64_t size;

                ck_assert_int_eq(fd_size(fd, &size), 0);
                ck_assert_int_eq(ftruncate(fd, (off_t)size / 2), 0);
                fd_close(fd);
        } else {
                temp_file(&directory, row->file, "nonsense and more of it");
        }
        if (row->text)
                remove_file(&directory, row->text);
        assert_row(check(&directory, &damaged) == 1, row);
        assert_row(damaged && strcmp(damaged, row->file) == 0, row);
        fd_close(directory.fd);
}
END_TEST

START_TEST(index_is_whole) {
        struct temp_directory directory = copy_of_tree();
        const char *untouched = "untouched", *damaged = untouched;

        ck_assert_int_eq(check(&directory, &damaged), 0);
        remove_file(&directory, "modules.builtin.alias.bin");
        ck_assert_int_eq(check(&directory, &damaged), 0);
        remove_file(&directory, "modules.alias.bin"); /* there is the text */
        ck_assert_int_eq(check(&directory, &damaged), 0);
        remove_file(&directory, "modules.alias");
        ck_assert_int_eq(check(&directory, &damaged), -ENOENT);
        ck_assert_ptr_eq(damaged, untouched);
        fd_close(directory.fd);
}
END_TEST

void add_whole(TCase *tcase) {
        tcase_add_loop_test(tcase, damage_is_found, 0, N_ROWS(damage_rows));
        tcase_add_test(tcase, index_is_whole);
}
