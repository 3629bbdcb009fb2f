/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/index: the whole index. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "bin.h"
#include "fd.h"
#include "index.h"
#include "test_index.h"
#include "test_index_file.h"

struct modalias parsed(const char *modalias) {
        struct modalias key;

        ck_assert_int_eq(modalias_parse(modalias, &key), 0);
        return key;
}

static const struct bin_node module_m = {.prefix = "m", .values = {{"m.ko:", 0}}};
static const struct bin_node module_b = {.prefix = "b", .values = {{"b.ko", 0}}};
static const struct bin_node built_in_alias = {.prefix = "vfio_p:a*", .values = {{"b", 0}}};

static void save(const struct temp_directory *directory, const char *name,
                 const struct bin_node *node) {
        static struct bin bin;

        bin_write(&bin, node, BIN_POSTORDER, 0);
        bin_save(&bin, directory, name);
}

/* A whole tree: aliases of m, n and the built-in b; only m and b are there. */
static struct temp_directory whole_tree(void) {
        struct temp_directory directory = temp_directory_new();

        save(&directory, "modules.alias.bin", &root);
        save(&directory, "modules.builtin.alias.bin", &built_in_alias);
        save(&directory, "modules.dep.bin", &module_m);
        save(&directory, "modules.builtin.bin", &module_b);
        return directory;
}

struct opened {
        struct arena arena, found;
        struct index *index;
        struct matches matches; /* of the last lookup */
};

static void open_index(const struct temp_directory *directory, struct opened *ret) {
        memset(ret, 0, sizeof(*ret));
        ck_assert_int_eq(index_open(directory->path, &ret->arena, &ret->index), 0);
}

static void close_index(struct opened *opened) {
        index_close(opened->index);
        arena_done(&opened->found);
        arena_done(&opened->arena);
}

/* index_lookup(), with the check that *ret is empty if it fails. */
static int look_up(struct opened *opened, const struct modalias *key, const struct matches **ret) {
        int r = index_lookup(opened->index, key, &opened->found, &opened->matches);

        ck_assert(r == 0 || opened->matches.n == 0);
        if (r == 0)
                *ret = &opened->matches;
        return r;
}

static const char *modules(const struct matches *matches) {
        static char text[256];
        char *end = text;

        *end = '\0';
        for (size_t i = 0; i < matches->n; i++)
                end = stpcpy(stpcpy(end, matches->list[i].module),
                             matches->list[i].built_in ? "! " : " ");
        return text;
}

START_TEST(index_finds) {
        struct temp_directory directory = whole_tree();
        struct modalias a = parsed("p:a"), ax = parsed("p:ax"), other = parsed("q:a");
        const struct matches *matches;
        struct opened opened;

        open_index(&directory, &opened);
        for (int round = 0; round < 3; round++) { /* read, and out of the cache */
                ck_assert_int_eq(look_up(&opened, &a, &matches), 0);
                ck_assert_str_eq(modules(matches), "m b! n ");
                ck_assert_int_eq(look_up(&opened, &ax, &matches), 0);
                ck_assert_str_eq(modules(matches), "b! n ");
                ck_assert_int_eq(look_up(&opened, &other, &matches), 0);
                ck_assert_str_eq(modules(matches), "");
        }
        ck_assert_int_eq(look_up(&opened, &a, &matches), 0);
        ck_assert_str_eq(matches->list[1].alias, "vfio_p:a*");
        ck_assert_int_eq(matches->list[1].origin, VFIO_VARIANT_CANDIDATE_INDEX);
        ck_assert_uint_eq(matches->list[2].priority, 2);
        ck_assert_ptr_null(index_damaged_file(opened.index));
        close_index(&opened);
        fd_close(directory.fd);
}
END_TEST

/* What was looked up shows the files as they were. */
START_TEST(index_keeps_what_it_opened) {
        struct temp_directory directory = whole_tree();
        struct modalias a = parsed("p:a"), ax = parsed("p:ax");
        const struct matches *matches;
        struct opened opened;

        open_index(&directory, &opened);
        ck_assert_int_eq(look_up(&opened, &a, &matches), 0);
        ck_assert_int_eq(unlinkat(directory.fd, "modules.alias.bin", 0), 0);
        save(&directory, "modules.alias.bin", &module_m);
        ck_assert_int_eq(look_up(&opened, &ax, &matches), 0);
        ck_assert_str_eq(modules(matches), "b! n ");
        close_index(&opened);
        fd_close(directory.fd);
}
END_TEST

static const struct {
        const char *why, *gone, *module;
        bool named_built_in;
        enum index_presence presence;
} presence_rows[] = {
        {"in modules.dep.bin", NULL, "m", false, MODULE_LOADABLE},
        {"built in", NULL, "b", false, MODULE_BUILT_IN},
        {"built in, as its alias says", NULL, "b", true, MODULE_BUILT_IN},
        {"named as built in, and it is loadable", NULL, "m", true, MODULE_ABSENT},
        {"nowhere", NULL, "n", false, MODULE_ABSENT},
        {"named as built in, and it isn't", NULL, "n", true, MODULE_ABSENT},
        {"no list of built-in modules: its alias is believed", "modules.builtin.bin", "n", true,
         MODULE_BUILT_IN},
        {"no list of built-in modules, and no alias", "modules.builtin.bin", "b", false,
         MODULE_ABSENT},
        {"no modules.dep.bin", "modules.dep.bin", "m", false, MODULE_ABSENT},
        {"no modules.dep.bin, and built in", "modules.dep.bin", "b", false, MODULE_BUILT_IN},
};

START_TEST(index_finds_module) {
        const __typeof__(*presence_rows) *row = &presence_rows[_i];
        struct temp_directory directory = whole_tree();
        enum index_presence presence = 77;
        struct opened opened;

        if (row->gone)
                ck_assert_int_eq(unlinkat(directory.fd, row->gone, 0), 0);
        open_index(&directory, &opened);
        assert_row(index_find_module(opened.index, row->module, row->named_built_in, &presence) ==
                           0,
                   row);
        assert_row(presence == row->presence, row);
        close_index(&opened);
        fd_close(directory.fd);
}
END_TEST

#define NONSENSE "this is no index at all"

static const struct {
        const char *why, *file, *text_file, *text; /* FILE is nonsense; TEXT_FILE has TEXT */
        const char *modules;
        const char *damaged;
        int r_lookup;
        int r_presence; /* of "b" */
} damage_rows[] = {
        {"aliases, and the text", "modules.alias.bin", "modules.alias", "alias vfio_p:a t\n",
         "t b! ", "modules.alias.bin", 0, 0},
        {"aliases", "modules.alias.bin", NULL, NULL, NULL, NULL, -EBADMSG, 0},
        {"aliases of built-in modules, which have no text", "modules.builtin.alias.bin",
         "modules.builtin.alias", "alias vfio_p:a t\n", NULL, NULL, -EBADMSG, 0},
        {"modules", "modules.dep.bin", NULL, NULL, "m b! n ", NULL, 0, -EBADMSG},
        {"modules, and the text", "modules.dep.bin", "modules.dep", "kernel/m.ko:\n", "m b! n ",
         "modules.dep.bin", 0, 0},
        {"built-in modules", "modules.builtin.bin", NULL, NULL, "m b! n ", NULL, 0, -EBADMSG},
        {"built-in modules, and the text", "modules.builtin.bin", "modules.builtin",
         "kernel/b.ko\n", "m b! n ", "modules.builtin.bin", 0, 0},
};

START_TEST(index_reports_damage) {
        const __typeof__(*damage_rows) *row = &damage_rows[_i];
        struct temp_directory directory = whole_tree();
        struct modalias a = parsed("p:a");
        const struct matches *matches = NULL;
        enum index_presence presence = 77;
        struct opened opened;
        const char *damaged;

        temp_file(&directory, row->file, NONSENSE);
        if (row->text)
                temp_file(&directory, row->text_file, row->text);
        open_index(&directory, &opened);
        assert_row(look_up(&opened, &a, &matches) == row->r_lookup, row);
        assert_row(row->modules ? !strcmp(modules(matches), row->modules) : !matches, row);
        assert_row(index_find_module(opened.index, "b", false, &presence) == row->r_presence, row);
        assert_row(presence == (row->r_presence < 0 ? 77 : MODULE_BUILT_IN), row);
        damaged = index_damaged_file(opened.index);
        assert_row(row->damaged ? damaged && !strcmp(damaged, row->damaged) : !damaged, row);
        close_index(&opened);
        fd_close(directory.fd);
}
END_TEST

START_TEST(index_named_built_in_reports_damage) {
        struct temp_directory directory = whole_tree();
        enum index_presence presence = 77;
        struct opened opened;

        temp_file(&directory, "modules.builtin.bin", NONSENSE);
        open_index(&directory, &opened);
        ck_assert_int_eq(index_find_module(opened.index, "b", true, &presence), -EBADMSG);
        ck_assert_int_eq(presence, 77);
        close_index(&opened);
        fd_close(directory.fd);
}
END_TEST

/*
 * Damage in the second file discards no match of the first; damage within the first discards all of
 * it.
 */
START_TEST(index_keeps_each_file_apart) {
        struct temp_directory directory = whole_tree();
        struct modalias z = parsed("p:z");
        const struct matches *matches;
        struct opened opened;

        temp_file(&directory, "modules.alias", TEXT);
        open_index(&directory, &opened);
        ck_assert_int_eq(look_up(&opened, &z, &matches), 0);
        ck_assert_str_eq(modules(matches), "z text ");
        ck_assert_str_eq(index_damaged_file(opened.index), "modules.alias.bin");
        close_index(&opened);
        fd_close(directory.fd);
}
END_TEST

/* A question of a whole bus reads what no device of this machine may need: it gives up nothing. */
START_TEST(index_of_bus_gives_up_nothing) {
        struct temp_directory directory = whole_tree();
        struct modalias a = parsed("p:a");
        const struct matches *matches;
        struct opened opened;

        temp_file(&directory, "modules.alias", TEXT);
        open_index(&directory, &opened);
        ck_assert_int_eq(index_module_has_alias(opened.index, &a, "nothing"), -EBADMSG);
        ck_assert_ptr_null(index_damaged_file(opened.index));
        ck_assert_int_eq(look_up(&opened, &a, &matches), 0);
        ck_assert_str_eq(modules(matches), "m b! n ");
        close_index(&opened);
        fd_close(directory.fd);
}
END_TEST

START_TEST(index_of_nothing) {
        struct temp_directory directory = temp_directory_new();
        struct modalias a = parsed("p:a");
        const struct matches *matches;
        enum index_presence presence;
        struct opened opened;

        open_index(&directory, &opened);
        for (unsigned i = 0; i < 3; i++)
                ck_assert_int_eq(look_up(&opened, &a, &matches), -ENOENT);
        ck_assert_int_eq(index_find_module(opened.index, "m", false, &presence), 0);
        ck_assert_int_eq(presence, MODULE_ABSENT);
        ck_assert_ptr_null(index_damaged_file(opened.index));
        close_index(&opened);
        fd_close(directory.fd);
        index_close(NULL);
}
END_TEST

/* depmod before kmod 27 wrote no index of built-in modules. It always wrote the other one. */
START_TEST(index_of_one_file_of_aliases) {
        static const struct {
                const char *missing, *modules;
                int r;
        } rows[] = {
                {"modules.alias.bin", NULL, -ENOENT},
                {"modules.builtin.alias.bin", "m n ", 0},
        };

        for (size_t i = 0; i < N_ROWS(rows); i++) {
                struct temp_directory directory = whole_tree();
                struct modalias a = parsed("p:a");
                const struct matches *matches;
                const char *damaged = NULL;
                struct opened opened;

                ck_assert_int_eq(unlinkat(directory.fd, rows[i].missing, 0), 0);
                open_index(&directory, &opened);
                ck_assert_int_eq(look_up(&opened, &a, &matches), rows[i].r);
                if (rows[i].r == 0)
                        ck_assert_str_eq(modules(matches), rows[i].modules);
                ck_assert_int_eq(index_check(opened.index, &damaged), rows[i].r);
                close_index(&opened);
                fd_close(directory.fd);
        }
}
END_TEST

START_TEST(index_open_reports_errors) {
        struct index *const untouched = (struct index *)(void *)&root, *index = untouched;
        struct temp_directory directory = temp_directory_new();
        struct arena arena = {};
        char path[256];
        int r;

        (void)stpcpy(stpcpy(path, directory.path), "/file");
        temp_file(&directory, "file", "");
        ck_assert_int_eq(index_open(path, &arena, &index), -ENOTDIR);
        (void)stpcpy(stpcpy(path, directory.path), "/nothing");
        ck_assert_int_eq(index_open(path, &arena, &index), -ENOENT);
        arena_done(&arena);
        memory_is_short();
        r = index_open(directory.path, &arena, &index);
        memory_is_back();
        ck_assert_int_eq(r, -ENOMEM);
        ck_assert_ptr_eq(index, untouched);
        arena_done(&arena);
        fd_close(directory.fd);
}
END_TEST

START_TEST(index_of_running_kernel) {
        struct arena arena = {};
        struct index *index = NULL;
        char path[INDEX_DIRECTORY_SIZE];
        int r = index_open(NULL, &arena, &index);

        /* A container has no module tree; a machine has one */
        ck_assert(r == 0 || r == -ENOENT);
        ck_assert((r == 0) == (index != NULL));
        ck_assert_int_eq(index_find_directory(path), r == 0);
        ck_assert_int_eq(strncmp(path, "/lib/modules/", strlen("/lib/modules/")), 0);
        index_close(index);
        arena_done(&arena);
}
END_TEST

START_TEST(index_without_memory) {
        struct temp_directory directory = whole_tree();
        struct modalias a = parsed("p:a");
        const struct matches *matches = NULL;
        struct opened opened;
        int r;

        open_index(&directory, &opened);
        memory_is_short();
        r = index_lookup(opened.index, &a, &opened.found, &opened.matches);
        memory_is_back();
        ck_assert_int_eq(r, -ENOMEM);
        ck_assert_uint_eq(opened.matches.n, 0);
        ck_assert_int_eq(look_up(&opened, &a, &matches), 0);
        ck_assert_str_eq(modules(matches), "m b! n ");
        close_index(&opened);
        fd_close(directory.fd);
}
END_TEST

/* A damaged index fails on each lookup. */
START_TEST(index_is_used_again) {
        struct temp_directory directory = whole_tree();
        struct modalias a = parsed("p:a");
        const struct matches *matches = NULL;
        struct opened opened;

        open_index(&directory, &opened);
        for (int round = 0; round < 3; round++) {
                ck_assert_int_eq(look_up(&opened, &a, &matches), 0);
                ck_assert_str_eq(modules(matches), "m b! n ");
        }
        close_index(&opened);
        temp_file(&directory, "modules.builtin.alias.bin", "no index");
        open_index(&directory, &opened);
        for (int round = 0; round < 3; round++)
                ck_assert_int_eq(look_up(&opened, &a, &matches), -EBADMSG);
        close_index(&opened);
        fd_close(directory.fd);
}
END_TEST

static void add_index(TCase *tcase) {
        tcase_add_test(tcase, index_finds);
        tcase_add_test(tcase, index_keeps_what_it_opened);
        tcase_add_loop_test(tcase, index_finds_module, 0, N_ROWS(presence_rows));
        tcase_add_loop_test(tcase, index_reports_damage, 0, N_ROWS(damage_rows));
        tcase_add_test(tcase, index_named_built_in_reports_damage);
        tcase_add_test(tcase, index_keeps_each_file_apart);
        tcase_add_test(tcase, index_of_bus_gives_up_nothing);
        tcase_add_test(tcase, index_of_nothing);
        tcase_add_test(tcase, index_of_one_file_of_aliases);
        tcase_add_test(tcase, index_open_reports_errors);
        tcase_add_test(tcase, index_of_running_kernel);
        tcase_add_test(tcase, index_without_memory);
        tcase_add_test(tcase, index_is_used_again);
}

int main(void) {
        static const struct unit_case cases[] = {
                {"blocks", add_blocks},
                {"lines", add_lines},
                {"matches", add_matches},
                {"trie", add_trie},
                {"trie_open", add_trie_open},
                {"trie_damage", add_trie_damage},
                {"trie_bounds", add_trie_bounds},
                {"node", add_node},
                {"text_index", add_text_index},
                {"source", add_source},
                {"index", add_index},
                {},
        };

        return unit_run("index", cases);
}
