/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/index: the text forms. */
#include <errno.h>
#include <string.h>

#include "alias.h"
#include "fd.h"
#include "found.h"
#include "test_index.h"
#include "text_index.h"

static const struct {
        const char *why, *text, *modalias, *found;
} text_rows[] = {
        {"an alias", "alias vfio_p:a m\n", "p:a", "vfio_p:a m 1;"},
        {"the priority is the line", "# x\n\nalias vfio_p:b n\nalias vfio_p:* m\n", "p:a",
         "vfio_p:* m 4;"},
        {"two", "alias vfio_p:* m\nalias vfio_p:a n\n", "p:a", "vfio_p:* m 1;vfio_p:a n 2;"},
        {"others", "alias pci:v* x\nalias vfio_p:a m\nalias usb:* y\n", "p:a", "vfio_p:a m 2;"},
        {"what can match anything", "alias * m\nalias ?fio_p:a n\nalias [v]fio_p:a o\n", "p:a",
         "* m 1;?fio_p:a n 2;[v]fio_p:a o 3;"},
        {"'-' is '_' as in the .bin", "alias vfio-p:a-b m\n", "p:a-b", "vfio_p:a_b m 1;"},
        {"but not in a set", "alias vfio_p:[a-c] m\n", "p:b", "vfio_p:[a-c] m 1;"},
        {"blanks of all kinds", "\t alias \t vfio_p:a\t\tm \n", "p:a", "vfio_p:a m 1;"},
        {"a line of another kind", "options vfio_p:a m\nAlias vfio_p:a m\naliases vfio_p:a m\n",
         "p:a", ""},
        {"a comment", "# alias vfio_p:a m\n#alias vfio_p:a m\n", "p:a", ""},
        {"no module", "alias vfio_p:a\n", "p:a", ""},
        {"no alias", "alias\n", "p:a", ""},
        {"a module that can't be", "alias vfio_p:a ../m\nalias vfio_p:a m\"\n", "p:a", ""},
        {"an alias of odd characters", "alias vfio_p:[\x01-\x7f] m\n", "p:a", ""},
        {"nothing", "", "p:a", ""},
};

START_TEST(text_index_finds) {
        const __typeof__(*text_rows) *row = &text_rows[_i];
        struct temp_directory directory = temp_directory_new();
        struct modalias key = parsed(row->modalias);
        struct found found = {};

        temp_file(&directory, "modules.alias", row->text);
        assert_row(text_index_lookup(directory.fd, "modules.alias", &key, found_add, &found) == 0,
                   row);
        assert_row(strcmp(found_text(&found), row->found) == 0, row);
        fd_close(directory.fd);
}
END_TEST

START_TEST(text_index_bounds_alias) {
        static char line[2 * ALIAS_SIZE];
        struct temp_directory directory = temp_directory_new();
        struct modalias key = parsed("p:a");

        for (size_t n = ALIAS_SIZE - 2; n <= ALIAS_SIZE + 1; n++) {
                struct found any = {};
                size_t at = (size_t)(stpcpy(line, "alias ") - line);

                memset(line + at, '*', n);
                (void)stpcpy(line + at + n, " m\n");
                temp_file(&directory, "modules.alias", line);
                any.stop_at = 1;
                any.r = -EXDEV;
                ck_assert_int_eq(
                        text_index_lookup(directory.fd, "modules.alias", &key, found_add, &any),
                        n < ALIAS_SIZE ? -EXDEV : 0);
        }
        fd_close(directory.fd);
}
END_TEST

static const struct {
        const char *why, *text;
        int r; /* of "vfio_pci" */
} ask_rows[] = {
        {"an alias", "alias vfio_p:a m\n", 0},
        {"found before the cut", "kernel/vfio-pci.ko:\nkernel/x", 1},
        {"cut before it is found", "kernel/vfio-p", -EBADMSG},
        {"a module", "kernel/drivers/vfio/vfio.ko:\nkernel/vfio-pci.ko: kernel/vfio.ko\n", 1},
        {"a compressed module", "kernel/vfio-pci.ko.xz:\n", 1},
        {"spelled with '_'", "kernel/vfio_pci.ko.zst: x.ko\n", 1},
        {"in modules.builtin", "kernel/drivers/vfio/pci/vfio-pci.ko\n", 1},
        {"without a directory", "vfio-pci.ko:\n", 1},
        {"only another depends on it", "kernel/x.ko: kernel/vfio-pci.ko\n", 0},
        {"a longer name", "kernel/vfio-pci-core.ko:\nkernel/xvfio-pci.ko:\n", 0},
        {"a directory of that name", "kernel/vfio-pci/x.ko:\nkernel/vfio-pci.d/x.ko\n", 0},
        {"a file without an ending", "kernel/vfio-pci\nkernel/vfio-pci:\n", 0},
        {"nothing", "", 0},
        {"an empty line", "\n", 0},
};

START_TEST(text_index_answers) {
        const __typeof__(*ask_rows) *row = &ask_rows[_i];
        struct temp_directory directory = temp_directory_new();

        temp_file(&directory, "x", row->text);
        assert_row(text_index_find_module(directory.fd, "x", "vfio_pci", NULL, 0) == row->r, row);
        fd_close(directory.fd);
}
END_TEST

static const struct {
        const char *why, *text;
        int r; /* of "vfio_pci" */
        const char *modules;
} dependency_rows[] = {
        {"none", "kernel/vfio-pci.ko:\n", 0, ""},
        {"two, in depmod's spelling", "kernel/vfio-pci.ko: kernel/d/a-b.ko kernel/c.ko.xz\n", 0,
         "a_b c "},
        {"of another", "kernel/x.ko: kernel/a.ko\nkernel/vfio-pci.ko: kernel/b.ko\n", 0, "b "},
        {"blanks and tabs", "vfio_pci.ko:  a.ko\t b.ko \n", 0, "a b "},
        {"a word that is no module", "vfio_pci.ko: a b.ko .ko kernel/\n", 0, "b "},
        {"not there", "kernel/x.ko: kernel/vfio-pci.ko\n", 0, ""},
        {"cut", "kernel/x.ko: kernel/a.ko\nkernel/vfio-p", -EBADMSG, ""},
        {"ended by the caller", "vfio_pci.ko: a.ko stop.ko b.ko\n", -EXDEV, "a "},
};

static int gather_module(const char *module, void *userdata) {
        if (strcmp(module, "stop") == 0)
                return -EXDEV;
        (void)stpcpy(stpcpy((char *)userdata + strlen(userdata), module), " ");
        return 0;
}

START_TEST(text_index_has_dependencies) {
        const __typeof__(*dependency_rows) *row = &dependency_rows[_i];
        struct temp_directory directory = temp_directory_new();
        char modules[256] = "", line[256];
        int r;

        temp_file(&directory, "x", row->text);
        r = text_index_find_module(directory.fd, "x", "vfio_pci", line, sizeof(line));
        if (r > 0)
                r = text_index_split_line(line, gather_module, modules);
        assert_row(r == row->r, row);
        ck_assert_str_eq(modules, row->modules);
        fd_close(directory.fd);
}
END_TEST

START_TEST(text_index_reports_errors) {
        struct temp_directory directory = temp_directory_new();
        struct modalias key = parsed("p:a");
        struct found found = {.stop_at = 2, .r = -EXDEV};

        ck_assert_int_eq(text_index_lookup(directory.fd, "x", &key, found_add, &found), -ENOENT);
        ck_assert_int_eq(text_index_find_module(directory.fd, "x", "vfio_pci", NULL, 0), -ENOENT);
        temp_file(&directory, "x", "alias vfio_p:a m\nalias vfio_p");
        ck_assert_int_eq(text_index_lookup(directory.fd, "x", &key, found_add, &found), -EBADMSG);
        temp_file(&directory, "x", "alias vfio_p:a m\nalias vfio_p:a n\n");
        ck_assert_int_eq(text_index_lookup(directory.fd, "x", &key, found_add, &found), -EXDEV);
        fd_close(directory.fd);
}
END_TEST

/* The line must fit with its NUL. */
START_TEST(text_index_bounds_line) {
        static const char dependencies[] = "vfio-pci.ko: a.ko";
        struct temp_directory directory = temp_directory_new();
        char line[sizeof(dependencies)];

        temp_file(&directory, "x", "vfio-pci.ko: a.ko\n");
        ck_assert_int_eq(text_index_find_module(directory.fd, "x", "vfio_pci", line, sizeof(line)),
                         1);
        ck_assert_str_eq(line, dependencies);
        ck_assert_int_eq(
                text_index_find_module(directory.fd, "x", "vfio_pci", line, sizeof(line) - 1),
                -EBADMSG);
        fd_close(directory.fd);
}
END_TEST

void add_text_index(TCase *tcase) {
        tcase_add_loop_test(tcase, text_index_finds, 0, N_ROWS(text_rows));
        tcase_add_test(tcase, text_index_bounds_alias);
        tcase_add_loop_test(tcase, text_index_has_dependencies, 0, N_ROWS(dependency_rows));
        tcase_add_loop_test(tcase, text_index_answers, 0, N_ROWS(ask_rows));
        tcase_add_test(tcase, text_index_reports_errors);
        tcase_add_test(tcase, text_index_bounds_line);
}
