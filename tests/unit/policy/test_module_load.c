/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Unit tests of src/policy: what libkmod is called to load. No module is loaded into this kernel.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "fd.h"
#include "modalias.h"
#include "module_load.h"
#include "unit.h"

static const struct {
        const char *why, *module;
        int r;
} module_rows[] = {
        {"built in", "built_in", 0},
        {"built in, with a hyphen", "built-in", 0},
        {"built in, by its alias", "other_name", 0},
        {"of no such name", "no_such_module", -ENOENT},
        {"no name", "", -EINVAL},
        {"a way out", "../../built_in", -EINVAL},
        {"two words", "built_in x", -EINVAL},
        {"a modalias is no name", "pci:v1d2", -EINVAL},
};

static const struct {
        const char *why, *modalias;
        int r;
} modalias_rows[] = {
        {"of a built-in module", "pci:v00000001d00000002", 0},
        {"of no module", "pci:v00000009d00000002", -ENOENT},
        {"of a module that is blacklisted", "pci:v00000003d00000002", -ENOENT},
        {"of two, one blacklisted", "pci:v00000004d00000002", 0},
        {"a name, which would do for modprobe", "built_in", -EINVAL},
        {"nothing", "", -EINVAL},
        {"two lines", "pci:v1\nd2", -EINVAL},
};

/* Of several modules for one modalias only modprobe.d can name one that is built in. */
#define CONFIG                                                                                     \
        "blacklist banned\n"                                                                       \
        "alias pci:v00000004d* banned\n"                                                           \
        "alias pci:v00000004d* built_in\n"                                                         \
        "alias pci:v00000006d* hollow\n"                                                           \
        "alias pci:v00000006d* built_in\n"

/* The tree of load.tree, in which only built-in modules exist; a blacklist of the test. */
struct tree {
        const char *directory, *modprobe_directories[2];
        struct temp_directory modprobe;
};

static void tree_open(struct tree *ret) {
        ret->directory = getenv("UNIT_LOAD_TREE");
        ck_assert_msg(ret->directory != NULL,
                      "set UNIT_LOAD_TREE to the directory made of tests/unit/load.tree, "
                      "or run `meson test`, which does");
        ret->modprobe = temp_directory_new();
        temp_file(&ret->modprobe, "a.conf", CONFIG);
        ret->modprobe_directories[0] = ret->modprobe.path;
        ret->modprobe_directories[1] = NULL;
        fd_close(ret->modprobe.fd);
}

START_TEST(module_is_loaded) {
        const __typeof__(*module_rows) *row = &module_rows[_i];
        struct tree tree;

        tree_open(&tree);
        assert_row(load_module(row->module, tree.directory, tree.modprobe_directories) == row->r,
                   row);
}
END_TEST

START_TEST(modalias_is_loaded) {
        const __typeof__(*modalias_rows) *row = &modalias_rows[_i];
        struct tree tree;

        tree_open(&tree);
        assert_row(load_modalias(row->modalias, tree.directory, tree.modprobe_directories) ==
                           row->r,
                   row);
}
END_TEST

/*
 * The kernel is called and fails: without privileges, or because it is not a module for this
 * kernel.
 */
START_TEST(module_is_refused) {
        struct tree tree;
        int by_name, by_modalias, blacklisted;

        tree_open(&tree);
        by_name = load_module("hollow", tree.directory, tree.modprobe_directories);
        ck_assert(by_name < 0 && by_name != -ENOENT && by_name != -EINVAL);
        by_modalias =
                load_modalias("pci:v00000005d00000001", tree.directory, tree.modprobe_directories);
        ck_assert_int_eq(by_modalias, by_name);
        /* A blacklist does not apply to its name */
        blacklisted = load_module("banned", tree.directory, tree.modprobe_directories);
        ck_assert_int_eq(blacklisted, by_name);
        /* Of two, one is enough */
        ck_assert_int_eq(
                load_modalias("pci:v00000006d00000001", tree.directory, tree.modprobe_directories),
                0);
}
END_TEST

START_TEST(modalias_has_bound) {
        char modalias[MODALIAS_KEY_SIZE + 1];
        struct tree tree;

        tree_open(&tree);
        memset(modalias, 'x', sizeof(modalias));
        (void)memcpy(modalias, "pci:", 4);
        modalias[MODALIAS_KEY_SIZE] = '\0';
        ck_assert_int_eq(load_modalias(modalias, tree.directory, tree.modprobe_directories),
                         -EINVAL);
        modalias[MODALIAS_KEY_SIZE - 1] = '\0';
        ck_assert_int_eq(load_modalias(modalias, tree.directory, tree.modprobe_directories),
                         -ENOENT);
}
END_TEST

START_TEST(load_without_libkmod) {
        struct rlimit limits, none;
        struct tree tree;
        int r;

        tree_open(&tree);
        ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limits), 0);
        none = (struct rlimit){0, limits.rlim_max};
        ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
        r = load_module("built_in", tree.directory, tree.modprobe_directories);
        ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limits), 0);
        ck_assert_int_eq(r, -EOPNOTSUPP);
}
END_TEST

static const struct {
        const char *why, *modalias, *modules;
        int r;
} native_rows[] = {
        {"a built-in module", "pci:v00000001d00000002", "built_in;", 0},
        {"one that is no kernel's", "pci:v00000005d00000002", "hollow;", 0},
        {"none", "pci:v00000009d00000002", "", 0},
        {"a module that is blacklisted", "pci:v00000003d00000002", "", 0},
        {"of two, one blacklisted", "pci:v00000004d00000002", "built_in;", 0},
        {"no modalias", "built_in", "", -EINVAL},
};

static int end_at_once(const char *module, void *userdata) {
        (void)module;
        ++*(int *)userdata;
        return 7;
}

START_TEST(modules_are_named) {
        const __typeof__(*native_rows) *row = &native_rows[_i];
        char names[JOINED_SIZE] = "";
        struct tree tree;

        tree_open(&tree);
        assert_row(load_each_module(row->modalias, tree.directory, tree.modprobe_directories,
                                    join_text, names) == row->r,
                   row);
        assert_row(strcmp(names, row->modules) == 0, row);
}
END_TEST

START_TEST(modules_end_where_told) {
        struct tree tree;
        int n = 0;

        tree_open(&tree);
        ck_assert_int_eq(load_each_module("pci:v00000006d00000001", tree.directory,
                                          tree.modprobe_directories, end_at_once, &n),
                         7);
        ck_assert_int_eq(n, 1);
}
END_TEST

static void add_load(TCase *tcase) {
        tcase_add_loop_test(tcase, modules_are_named, 0, N_ROWS(native_rows));
        tcase_add_test(tcase, modules_end_where_told);
        tcase_add_loop_test(tcase, module_is_loaded, 0, N_ROWS(module_rows));
        tcase_add_loop_test(tcase, modalias_is_loaded, 0, N_ROWS(modalias_rows));
        tcase_add_test(tcase, module_is_refused);
        tcase_add_test(tcase, modalias_has_bound);
        tcase_add_test(tcase, load_without_libkmod);
}

int main(void) {
        static const struct unit_case cases[] = {
                {"load", add_load},
                {},
        };

        return unit_run("module-load", cases);
}
