/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/choice, over a tree that the real depmod indexed (unit.tree). */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "choice.h"
#include "fd.h"
#include "index.h"
#include "test_choice.h"
#include "text.h"

#define MLX5_ALIAS    "vfio_pci:v000015B3d0000101Esv*sd*bc*sc*i*"
#define VENDOR_ALIAS  "vfio_pci:v000015B3d*sv*sd*bc*sc*i*"
#define GENERIC_ALIAS "vfio_pci:v*d*sv*sd*bc*sc*i*"
#define BOTH_1_ALIAS  "vfio_pci:v0000B017d00000001sv*sd*bc*sc*i*"
#define BOTH_2_ALIAS  "vfio_pci:v0000B017d00000002sv*sd*bc*sc*i*"

const char *tree(void) {
        const char *directory = getenv("UNIT_TREE");

        ck_assert_msg(directory != NULL,
                      "set UNIT_TREE to the directory made of tests/unit/unit.tree, "
                      "or run `meson test`, which does");
        return directory;
}

static void copy_file(const struct temp_directory *directory, int tree_fd, const char *name) {
        static char bytes[1024 * 1024];
        int fd = fd_open_file(tree_fd, name);
        ssize_t n = read(fd, bytes, sizeof(bytes));

        ck_assert(n >= 0 && (size_t)n < sizeof(bytes));
        temp_file_bytes(directory, name, bytes, (size_t)n);
        fd_close(fd);
}

struct temp_directory copy_of_tree(void) {
        struct temp_directory directory = temp_directory_new();
        DIR *listed = opendir(tree());
        const struct dirent *entry;

        ck_assert_ptr_nonnull(listed);
        while ((entry = readdir(listed)))
                if (startswith(entry->d_name, "modules."))
                        copy_file(&directory, dirfd(listed), entry->d_name);
        (void)closedir(listed);
        return directory;
}

/* A source over DIRECTORY and one file of modprobe.d. */
struct opened {
        struct temp_directory modprobe;
        const char *directories[2];
        struct choice_source *source;
};

static void open_source(const char *directory, const char *config, struct opened *ret) {
        ret->modprobe = temp_directory_new();
        ret->directories[0] = ret->modprobe.path;
        ret->directories[1] = NULL;
        ret->source = NULL;
        temp_file(&ret->modprobe, "a.conf", config);
        ck_assert_int_eq(choice_source_open(directory, ret->directories, &ret->source), 0);
}

static void close_source(struct opened *opened) {
        choice_source_close(opened->source);
        fd_close(opened->modprobe.fd);
}

/* "DRIVER MODULE ALIAS FALLBACK", with "-" for each that is empty; "" if there is no choice. */
static const char *shown(int r, const struct choice *choice) {
        static char text[2048];
        const char *alias = choice->alias[0] ? choice->alias : "-";

        if (r == 0 && !choice->driver[0] && !choice->module[0] && !choice->fallback[0] &&
            !choice->alias[0])
                return "";
        (void)snprintf(text, sizeof(text), "%s %s %s %s", choice->driver,
                       choice->module[0] ? choice->module : "-", alias,
                       choice->fallback[0] ? choice->fallback : "-");
        return text;
}

static const struct {
        const char *why, *modalias, *pin, *config, *choice;
        enum choice_pin became;
} choice_rows[] = {
        {"a variant, and the next in rank", MLX5, NULL, "",
         "mlx5_vfio_pci mlx5_vfio_pci " MLX5_ALIAS " by_vendor", PIN_NONE},
        {"the generic module ranks below all", VENDOR, NULL, "",
         "by_vendor by_vendor " VENDOR_ALIAS " vfio-pci", PIN_NONE},
        {"the generic module: none ranks below it", OTHER, NULL, "",
         "vfio-pci vfio_pci " GENERIC_ALIAS " -", PIN_NONE},
        {"a driver that isn't called as its module", XE, NULL, "",
         "xe-vfio-pci xe_vfio_pci vfio_pci:v00008086d0000B080sv*sd*bc*sc*i* vfio-pci", PIN_NONE},
        {"built in: no module to load", BUILT, NULL, "",
         "board_vfio_pci - vfio_pci:v000015B3d00000001sv*sd*bc*sc*i* by_vendor", PIN_NONE},
        {"a module that is gone is no candidate", LOST, NULL, "",
         "by_vendor by_vendor " VENDOR_ALIAS " vfio-pci", PIN_NONE},
        {"a bus without aliases: its generic module", "old:x", NULL, "", "vfio_old vfio_old - -",
         PIN_NONE},
        {"a bus with aliases, none of which matches", "lone:b", NULL, "", "", PIN_NONE},
        {"no generic module below a variant", "lone:a", NULL, "",
         "only_variant only_variant vfio_lone:a* -", PIN_NONE},
        {"a unknown bus", "foo:x", NULL, "", "", PIN_NONE},

        {"pinned by the module", MLX5, "vfio_pci", "", "vfio-pci vfio_pci - -", PIN_TAKEN},
        {"pinned by the driver", MLX5, "vfio-pci", "", "vfio-pci vfio_pci - -", PIN_TAKEN},
        {"pinned to the choice", MLX5, "mlx5_vfio_pci", "",
         "mlx5_vfio_pci mlx5_vfio_pci - by_vendor", PIN_TAKEN},
        {"pinned to what matches less", MLX5, "by_vendor", "",
         "by_vendor by_vendor - mlx5_vfio_pci", PIN_TAKEN},
        {"pinned to what doesn't match", OTHER, "mlx5_vfio_pci", "",
         "mlx5_vfio_pci mlx5_vfio_pci - vfio-pci", PIN_TAKEN},
        {"pinned to what has no alias", OTHER, "spare_vfio_pci", "",
         "spare_vfio_pci spare_vfio_pci - vfio-pci", PIN_TAKEN},
        {"a pin's hyphen is a driver's spelling", OTHER, "spare-vfio-pci", "",
         "spare-vfio-pci spare_vfio_pci - vfio-pci", PIN_TAKEN},
        {"pinned by the module, whose driver is known", OTHER, "xe_vfio_pci", "",
         "xe-vfio-pci xe_vfio_pci - vfio-pci", PIN_TAKEN},
        {"pinned to what is built in", OTHER, "board_vfio_pci", "", "board_vfio_pci - - vfio-pci",
         PIN_TAKEN},
        {"pinned to what is built in, and matches", BUILT, "board_vfio_pci", "",
         "board_vfio_pci - - by_vendor", PIN_TAKEN},
        {"a pin beats a blacklist", MLX5, "mlx5_vfio_pci", "blacklist mlx5_vfio_pci\n",
         "mlx5_vfio_pci mlx5_vfio_pci - by_vendor", PIN_TAKEN},
        {"a pin beats the administrator's alias", MLX5, "vfio_pci",
         "alias vfio_pci:v000015B3* by_vendor\n", "vfio-pci vfio_pci - -", PIN_TAKEN},
        {"a pin on a unknown bus", "foo:x", "vfio_pci", "", "vfio-pci vfio_pci - -", PIN_TAKEN},
        {"a pin that is in no module", MLX5, "no_such_module", "",
         "mlx5_vfio_pci mlx5_vfio_pci " MLX5_ALIAS " by_vendor", PIN_UNKNOWN},
        {"a pin whose module is gone", LOST, "lost_vfio_pci", "",
         "by_vendor by_vendor " VENDOR_ALIAS " vfio-pci", PIN_UNKNOWN},
        {"an unknown pin where there is no choice", "foo:x", "no_such_module", "", "", PIN_UNKNOWN},
        {"a pin that is no name", MLX5, "../vfio", "",
         "mlx5_vfio_pci mlx5_vfio_pci " MLX5_ALIAS " by_vendor", PIN_INVALID},
        {"an empty pin", OTHER, "", "", "vfio-pci vfio_pci " GENERIC_ALIAS " -", PIN_INVALID},
        {"a pin that is too long", OTHER,
         "m2345678901234567890123456789012345678901234567890123456", "",
         "vfio-pci vfio_pci " GENERIC_ALIAS " -", PIN_INVALID},

        {"a blacklisted variant is out", MLX5, NULL, "blacklist mlx5_vfio_pci\n",
         "by_vendor by_vendor " VENDOR_ALIAS " vfio-pci", PIN_NONE},
        {"a blacklisted one is no fallback", MLX5, NULL, "blacklist by-vendor\n",
         "mlx5_vfio_pci mlx5_vfio_pci " MLX5_ALIAS " vfio-pci", PIN_NONE},
        {"all of them blacklisted", OTHER, NULL, "blacklist vfio_pci\n", "", PIN_NONE},
        {"the generic module of a bus without aliases", "old:x", NULL, "blacklist vfio_old\n", "",
         PIN_NONE},
        {"the administrator's alias is first", MLX5, NULL, "alias vfio_pci:v* spare_vfio_pci\n",
         "spare_vfio_pci spare_vfio_pci vfio_pci:v* mlx5_vfio_pci", PIN_NONE},
        {"of two of them the closer one", MLX5, NULL,
         "alias vfio_pci:v* by_vendor\nalias vfio_pci:v000015B3* spare_vfio_pci\n",
         "spare_vfio_pci spare_vfio_pci vfio_pci:v000015B3* by_vendor", PIN_NONE},
        {"an alias for a module that isn't there", OTHER, NULL, "alias vfio_pci:v* no_such\n",
         "vfio-pci vfio_pci " GENERIC_ALIAS " -", PIN_NONE},
        {"an alias for a module that is out", OTHER, NULL,
         "alias vfio_pci:v* spare_vfio_pci\nblacklist spare_vfio_pci\n",
         "vfio-pci vfio_pci " GENERIC_ALIAS " -", PIN_NONE},
        {"an alias for the generic module: none ranks below it", MLX5, NULL,
         "alias vfio_pci:v* vfio_pci\n", "vfio-pci vfio_pci vfio_pci:v* -", PIN_NONE},
        {"one module twice is no fallback of itself", MLX5, NULL,
         "alias vfio_pci:v* mlx5_vfio_pci\n", "mlx5_vfio_pci mlx5_vfio_pci vfio_pci:v* by_vendor",
         PIN_NONE},
        {"an alias on a unknown bus", "foo:x", NULL, "alias vfio_foo:* spare_vfio_pci\n",
         "spare_vfio_pci spare_vfio_pci vfio_foo:* -", PIN_NONE},
        {"its install line loads nothing", XE, NULL, "install xe-vfio-pci /bin/false\n",
         "vfio-pci vfio_pci " GENERIC_ALIAS " -", PIN_NONE},
        {"that of a module that it depends on", XE, NULL, "install helper-lib /bin/true\n",
         "vfio-pci vfio_pci " GENERIC_ALIAS " -", PIN_NONE},
        {"an install line that may load it", XE, NULL, "install xe_vfio_pci xe-setup\n",
         "xe-vfio-pci xe_vfio_pci vfio_pci:v00008086d0000B080sv*sd*bc*sc*i* vfio-pci", PIN_NONE},
        {"a blacklist of a module that it depends on", XE, NULL, "blacklist helper_lib\n",
         "xe-vfio-pci xe_vfio_pci vfio_pci:v00008086d0000B080sv*sd*bc*sc*i* vfio-pci", PIN_NONE},
        {"an install line of a built-in driver", BUILT, NULL, "install board_vfio_pci :\n",
         "board_vfio_pci - vfio_pci:v000015B3d00000001sv*sd*bc*sc*i* by_vendor", PIN_NONE},
        {"pinned, and its install line loads nothing", OTHER, "xe-vfio-pci",
         "install xe_vfio_pci /bin/false\n", "vfio-pci vfio_pci " GENERIC_ALIAS " -", PIN_REFUSED},
        {"pinned, and what it depends on is disabled", OTHER, "xe_vfio_pci",
         "install helper_lib /bin/false\n", "vfio-pci vfio_pci " GENERIC_ALIAS " -", PIN_REFUSED},
        {"an alias on a bus without any in the index", "old:x", NULL,
         "alias vfio_old:* spare_vfio_pci\n", "spare_vfio_pci spare_vfio_pci vfio_old:* vfio_old",
         PIN_NONE},
};

START_TEST(choice_is_found) {
        const __typeof__(*choice_rows) *row = &choice_rows[_i];
        struct opened opened;
        struct choice choice;

        open_source(tree(), row->config, &opened);
        for (int round = 0; round < 2; round++) {
                int r;

                memset(&choice, '#', sizeof(choice));
                r = choice_find(opened.source, row->modalias, row->pin, &choice);
                assert_row(r == (row->choice[0] != '\0'), row);
                ck_assert_msg(!strcmp(shown(r, &choice), row->choice), "row %d: %s: %s", _i,
                              row->why, shown(r, &choice));
                assert_row(choice.pin == row->became, row);
        }
        ck_assert_ptr_null(index_damaged_file(choice_source_index(opened.source)));
        close_source(&opened);
}
END_TEST

/* Several devices, looked up with one source: a choice does not affect the next. */
static const struct {
        const char *why, *asked[4], *choices[4];
} series_rows[] = {
        {"two buses, one after the other",
         {OTHER, MLX5, "lone:a", "old:x"},
         {"vfio-pci vfio_pci " GENERIC_ALIAS " -",
          "mlx5_vfio_pci mlx5_vfio_pci " MLX5_ALIAS " by_vendor",
          "only_variant only_variant vfio_lone:a* -", "vfio_old vfio_old - -"}},
        {"one module, by an alias of the built-in one and then of the loadable one",
         {ID("B017", "0001"), ID("B017", "0002"), ID("B017", "0001"), ID("B017", "0002")},
         {"both_vfio_pci - " BOTH_1_ALIAS " vfio-pci",
          "both_vfio_pci both_vfio_pci " BOTH_2_ALIAS " vfio-pci",
          "both_vfio_pci - " BOTH_1_ALIAS " vfio-pci",
          "both_vfio_pci both_vfio_pci " BOTH_2_ALIAS " vfio-pci"}},
};

START_TEST(choice_is_of_its_device) {
        const __typeof__(*series_rows) *row = &series_rows[_i];
        struct opened opened;

        open_source(tree(), "", &opened);
        for (size_t i = 0; i < N_ROWS(row->asked); i++) {
                struct choice choice;
                int r = choice_find(opened.source, row->asked[i], NULL, &choice);

                ck_assert_msg(strcmp(shown(r, &choice), row->choices[i]) == 0, "%s: %zu: %s",
                              row->why, i, shown(r, &choice));
        }
        close_source(&opened);
}
END_TEST

#ifndef SANITIZED
/* What the second choice took is taken again for the next. The memory of the first is kept. */
START_TEST(answers_take_no_more_memory) {
        struct opened opened;
        struct choice choice;
        int r = 1;

        open_source(tree(), "", &opened);
        for (int i = 0; i < 2; i++)
                ck_assert_int_eq(choice_find(opened.source, MLX5, NULL, &choice), 1);
        memory_is_short();
        for (int i = 0; i < 1000 && r == 1; i++)
                r = choice_find(opened.source, MLX5, NULL, &choice);
        memory_is_back();
        ck_assert_int_eq(r, 1);
        close_source(&opened);
}
END_TEST
#endif

/* The usable ones of all candidates: "DRIVER MODULE" of each, "-" for no module. */
static int list_usable(const struct choice_candidate *candidate, void *userdata) {
        char *list = userdata;

        if (choice_is_usable(candidate->verdict))
                (void)snprintf(list + strlen(list), 512 - strlen(list), "%s %s; ",
                               candidate->driver, *candidate->module ? candidate->module : "-");
        return 0;
}

static const struct {
        const char *why, *modalias, *pin, *config, *usable;
} usable_rows[] = {
        {"all, each module once, up to the generic one", MLX5, NULL,
         "alias vfio_pci:v* spare_vfio_pci\nalias vfio_pci:v0* by_vendor\n",
         "by_vendor by_vendor; spare_vfio_pci spare_vfio_pci; mlx5_vfio_pci mlx5_vfio_pci; "
         "vfio-pci vfio_pci; "},
        {"built in: no module", BUILT, NULL, "",
         "board_vfio_pci -; by_vendor by_vendor; vfio-pci vfio_pci; "},
        {"without those that are out", MLX5, NULL, "blacklist by_vendor\n",
         "mlx5_vfio_pci mlx5_vfio_pci; vfio-pci vfio_pci; "},
        {"a pin first", MLX5, "spare-vfio-pci", "",
         "spare-vfio-pci spare_vfio_pci; mlx5_vfio_pci mlx5_vfio_pci; by_vendor by_vendor; "
         "vfio-pci vfio_pci; "},
        {"a pin on the generic one: no other", MLX5, "vfio-pci", "", "vfio-pci vfio_pci; "},
        {"an alias for the generic one: no other", MLX5, NULL, "alias vfio_pci:v* vfio_pci\n",
         "vfio-pci vfio_pci; "},
        {"no generic module", "lone:ab", NULL, "", "only_variant only_variant; "},
        {"the generic one without an alias", "old:x", NULL, "alias vfio_old:* spare_vfio_pci\n",
         "spare_vfio_pci spare_vfio_pci; vfio_old vfio_old; "},
};

START_TEST(choice_lists_usable) {
        const __typeof__(*usable_rows) *row = &usable_rows[_i];
        char list[512] = "";
        struct opened opened;

        open_source(tree(), row->config, &opened);
        ck_assert_int_eq(choice_explain(opened.source, row->modalias, row->pin, list_usable, list),
                         1);
        ck_assert_str_eq(list, row->usable);
        close_source(&opened);
}
END_TEST

static const struct {
        const char *why, *modalias;
        int r;
} refused_rows[] = {
        {"nothing", "", -EINVAL},
        {"an address", "0000:3b:00.0", -EINVAL},
        {"a blank", "pci:v 1", -EINVAL},
        {"too long", NULL, -ENAMETOOLONG},
};

START_TEST(choice_of_no_modalias) {
        const __typeof__(*refused_rows) *row = &refused_rows[_i];
        char text[1024];
        struct choice choice, untouched;
        struct opened opened;

        memset(text, 'x', sizeof(text));
        text[3] = ':';
        text[sizeof(text) - 1] = '\0';
        memset(&choice, '#', sizeof(choice));
        untouched = choice;
        open_source(tree(), "", &opened);
        assert_row(choice_find(opened.source, row->modalias ? row->modalias : text, NULL,
                               &choice) == row->r,
                   row);
        assert_row(memcmp(&choice, &untouched, sizeof(choice)) == 0, row);
        close_source(&opened);
}
END_TEST

/* FILE is damaged, or GONE does not exist. */
static const struct {
        const char *why, *file, *gone, *modalias, *pin;
        int r;
        const char *choice, *damaged;
} damage_rows[] = {
        {"the text stands in for the aliases", "modules.alias.bin", NULL, MLX5, NULL, 1,
         "mlx5_vfio_pci mlx5_vfio_pci " MLX5_ALIAS " by_vendor", "modules.alias.bin"},
        {"the text stands in for the modules", "modules.dep.bin", NULL, MLX5, NULL, 1,
         "mlx5_vfio_pci mlx5_vfio_pci " MLX5_ALIAS " by_vendor", "modules.dep.bin"},
        {"the text stands in for the built-in modules", "modules.builtin.bin", NULL, BUILT, NULL, 1,
         "board_vfio_pci - vfio_pci:v000015B3d00000001sv*sd*bc*sc*i* by_vendor",
         "modules.builtin.bin"},
        {"no text of the aliases", "modules.alias.bin", "modules.alias", MLX5, NULL, -EBADMSG, NULL,
         NULL},
        {"no text of the modules", "modules.dep.bin", "modules.dep", MLX5, NULL, -EBADMSG, NULL,
         NULL},
        {"no text of the modules, and a pin", "modules.dep.bin", "modules.dep", MLX5, "vfio_pci",
         -EBADMSG, NULL, NULL},
        {"built-in aliases have no text", "modules.builtin.alias.bin", NULL, MLX5, NULL, -EBADMSG,
         NULL, NULL},
        {"no index of aliases, though the generic module is there: unknown", NULL,
         "modules.alias.bin modules.alias "
         "modules.builtin.alias.bin",
         MLX5, NULL, -ENOENT, NULL, NULL},
        {"the same, and a pin", NULL, "modules.alias.bin modules.alias modules.builtin.alias.bin",
         MLX5, "vfio_pci", -ENOENT, NULL, NULL},
        {"only the text", NULL, "modules.alias.bin", MLX5, NULL, 1,
         "mlx5_vfio_pci mlx5_vfio_pci " MLX5_ALIAS " by_vendor", NULL},
        {"no aliases, and the modules damaged", "modules.dep.bin",
         "modules.alias.bin modules.alias modules.builtin.alias.bin modules.dep", MLX5, NULL,
         -ENOENT, NULL, NULL},
};

static void remove_all(const struct temp_directory *directory, const char *names) {
        char copy[256];

        (void)snprintf(copy, sizeof(copy), "%s", names);
        for (char *rest = copy, *name; (name = strsep(&rest, " "));)
                ck_assert_int_eq(unlinkat(directory->fd, name, 0), 0);
}

START_TEST(choice_of_damaged_tree) {
        const __typeof__(*damage_rows) *row = &damage_rows[_i];
        struct temp_directory directory = copy_of_tree();
        struct opened opened;
        struct choice choice;
        const char *damaged;
        int r;

        if (row->file)
                temp_file(&directory, row->file, "this is no index at all");
        if (row->gone)
                remove_all(&directory, row->gone);
        open_source(directory.path, "", &opened);
        r = choice_find(opened.source, row->modalias, row->pin, &choice);
        assert_row(r == row->r, row);
        assert_row(r < 0 || strcmp(shown(r, &choice), row->choice) == 0, row);
        damaged = index_damaged_file(choice_source_index(opened.source));
        assert_row(row->damaged ? damaged && !strcmp(damaged, row->damaged) : !damaged, row);
        close_source(&opened);
        fd_close(directory.fd);
}
END_TEST

/* modprobe.d cannot be read. */
START_TEST(choice_of_unread_policy) {
        struct opened opened;
        struct choice choice;

        open_source(tree(), "", &opened);
        ck_assert_int_eq(symlinkat("b.conf", opened.modprobe.fd, "b.conf"), 0);
        ck_assert_int_eq(choice_find(opened.source, OTHER, NULL, &choice), -ELOOP);
        close_source(&opened);
}
END_TEST

START_TEST(choice_of_empty_directory) {
        struct temp_directory directory = temp_directory_new();
        struct opened opened;
        struct choice choice;

        open_source(directory.path, "", &opened);
        /* Again and again: nothing is remembered */
        for (unsigned i = 0; i < 4; i++)
                ck_assert_int_eq(
                        choice_find(opened.source, MLX5, i % 2 ? "vfio_pci" : NULL, &choice),
                        -ENOENT);
        close_source(&opened);
        fd_close(directory.fd);
}
END_TEST

START_TEST(choice_source_reports_errors) {
        struct temp_directory directory = temp_directory_new();
        struct choice_source *source = NULL;
        char path[256];
        int r;

        (void)stpcpy(stpcpy(path, directory.path), "/file");
        ck_assert_int_eq(choice_source_open(path, NULL, &source), -ENOENT);
        temp_file(&directory, "file", "");
        ck_assert_int_eq(choice_source_open(path, NULL, &source), -ENOTDIR);
        memory_is_short();
        r = choice_source_open(directory.path, NULL, &source);
        memory_is_back();
        ck_assert_int_eq(r, -ENOMEM);
        ck_assert_ptr_null(source);
        choice_source_close(NULL);
        fd_close(directory.fd);
}
END_TEST

/* Where the index is the running kernel's, /sys/module has a say. */
START_TEST(choice_of_running_kernel) {
        struct temp_directory directory = temp_directory_new();
        const char *const directories[] = {directory.path, NULL};
        struct choice_source *source = NULL;
        struct choice choice;
        int r = choice_source_open(NULL, directories, &source);

        ck_assert_msg(r == 0 || r == -ENOENT, "%d", r);
        if (r == 0)
                ck_assert_int_ge(choice_find(source, OTHER, NULL, &choice), 0);
        else
                (void)fprintf(stderr, "the running kernel has no module tree here\n");
        choice_source_close(source);
        fd_close(directory.fd);
}
END_TEST

static void add_choice(TCase *tcase) {
        tcase_add_loop_test(tcase, choice_is_found, 0, N_ROWS(choice_rows));
        tcase_add_loop_test(tcase, choice_is_of_its_device, 0, N_ROWS(series_rows));
#ifndef SANITIZED
        tcase_add_test(tcase, answers_take_no_more_memory);
#endif
        tcase_add_loop_test(tcase, choice_lists_usable, 0, N_ROWS(usable_rows));
        tcase_add_loop_test(tcase, choice_of_no_modalias, 0, N_ROWS(refused_rows));
        tcase_add_loop_test(tcase, choice_of_damaged_tree, 0, N_ROWS(damage_rows));
        tcase_add_test(tcase, choice_of_unread_policy);
        tcase_add_test(tcase, choice_of_empty_directory);
        tcase_add_test(tcase, choice_source_reports_errors);
        tcase_add_test(tcase, choice_of_running_kernel);
}

int main(void) {
        static const struct unit_case cases[] = {
                {"choice", add_choice},
                {"facts", add_facts},
                {"whole", add_whole},
                {},
        };

        return unit_run("choice", cases);
}
