/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/policy: what libkmod makes of modprobe.d. */
#include <errno.h>
#include <string.h>
#include <sys/resource.h>

#include "fd.h"
#include "gathered.h"
#include "modprobe_config.h"
#include "unit.h"

START_TEST(config_without_libkmod) {
        struct temp_directory directory = temp_directory_new();
        const char *const directories[] = {directory.path, NULL};
        struct modprobe_config *config = NULL;
        struct arena arena = {};
        struct rlimit limits = no_descriptors_left();
        int r = modprobe_config_open(NULL, directories, &arena, &config);

        ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limits), 0);
        ck_assert_int_eq(r, -EOPNOTSUPP);
        ck_assert_ptr_null(config);
        arena_done(&arena);
        fd_close(directory.fd);
}
END_TEST

START_TEST(config_without_memory) {
        struct temp_directory directory = temp_directory_new();
        const char *const directories[] = {directory.path, NULL};
        struct modprobe_config *config = NULL;
        struct arena arena = {};
        int r;

        memory_is_short();
        r = modprobe_config_open(NULL, directories, &arena, &config);
        memory_is_back();
        ck_assert_int_eq(r, -ENOMEM);
        ck_assert_ptr_null(config);
        modprobe_config_close(NULL);
        fd_close(directory.fd);
}
END_TEST

#define CONFIG                                                                                     \
        "blacklist bl-module\n"                                                                    \
        "alias vfio_p:a* by_admin\n"                                                               \
        "alias other:* other_module\n"                                                             \
        "options optional a=1\n"                                                                   \
        "install installed /bin/true\n"                                                            \
        "install by-* /bin/false x\n"                                                              \
        "install installed /bin/false\n"

static void open_config(const struct temp_directory *directory, struct arena *arena,
                        struct modprobe_config **ret) {
        const char *const directories[] = {directory->path, NULL};

        temp_file(directory, "a.conf", CONFIG);
        ck_assert_int_eq(modprobe_config_open(NULL, directories, arena, ret), 0);
}

static const struct {
        const char *why, *module;
        int blacklisted;
} config_rows[] = {
        {"spelled with '_'", "bl_module", 1},
        {"in no spelling of depmod's", "bl-module", 0},
        {"another", "by_admin", 0},
        {"a longer name", "bl_module2", 0},
        {"the begin of it", "bl_mod", 0},
        {"options are no blacklist", "optional", 0},
        {"nor is an install line", "installed", 0},
};

START_TEST(config_has_blacklist) {
        const __typeof__(*config_rows) *row = &config_rows[_i];
        struct temp_directory directory = temp_directory_new();
        struct modprobe_config *config;
        struct arena arena = {};

        open_config(&directory, &arena, &config);
        assert_row(modprobe_config_blacklists(config, row->module) == row->blacklisted, row);
        modprobe_config_close(config);
        arena_done(&arena);
        fd_close(directory.fd);
}
END_TEST

static const struct {
        const char *why, *module, *command;
} install_rows[] = {
        {"a line of it", "installed", "/bin/true"},
        {"none", "bl_module", NULL},
        {"a longer name", "installed2", NULL},
        {"a pattern", "by_pattern", "/bin/false x"},
};

START_TEST(config_has_installs) {
        const __typeof__(*install_rows) *row = &install_rows[_i];
        struct temp_directory directory = temp_directory_new();
        struct modprobe_config *config;
        struct arena arena = {};
        const char *command;

        open_config(&directory, &arena, &config);
        ck_assert_int_eq(modprobe_config_install(config, row->module, &command), 0);
        assert_row(row->command ? command && !strcmp(command, row->command) : !command, row);
        modprobe_config_close(config);
        arena_done(&arena);
        fd_close(directory.fd);
}
END_TEST

START_TEST(config_has_aliases) {
        struct temp_directory directory = temp_directory_new();
        struct gathered all = {}, one = {.stop_at = 1, .r = 7}, error = {.stop_at = 1, .r = -EXDEV};
        struct modprobe_config *config;
        struct arena arena = {};

        open_config(&directory, &arena, &config);
        ck_assert_int_eq(modprobe_config_each_alias(config, gather, &all), 0);
        ck_assert_int_eq(all.n, 2);
        ck_assert_ptr_nonnull(strstr(all.text, "vfio_p:a* by_admin;"));
        ck_assert_ptr_nonnull(strstr(all.text, "other:* other_module;"));
        ck_assert_int_eq(modprobe_config_each_alias(config, gather, &one), 7);
        ck_assert_int_eq(modprobe_config_each_alias(config, gather, &error), -EXDEV);
        ck_assert_int_eq(one.n + error.n, 2);
        modprobe_config_close(config);
        arena_done(&arena);
        fd_close(directory.fd);
}
END_TEST

static void add_config(TCase *tcase) {
        /* Comes first, before anything has loaded libkmod in this process */
        tcase_add_test(tcase, config_without_libkmod);
        tcase_add_test(tcase, config_without_memory);
        tcase_add_loop_test(tcase, config_has_installs, 0, N_ROWS(install_rows));
        tcase_add_loop_test(tcase, config_has_blacklist, 0, N_ROWS(config_rows));
        tcase_add_test(tcase, config_has_aliases);
}

int main(void) {
        static const struct unit_case cases[] = {
                {"modprobe_config", add_config},
                {},
        };

        return unit_run("modprobe-config", cases);
}
