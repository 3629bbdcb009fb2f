/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/index: the text forms, a source of either form, and the whole index. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "alias.h"
#include "bin.h"
#include "fd.h"
#include "found.h"
#include "index.h"
#include "source.h"
#include "test_index.h"
#include "text.h"
#include "text_index.h"

static struct modalias parsed(const char *modalias) {
        struct modalias key;

        ck_assert_int_eq(modalias_parse(modalias, &key), 0);
        return key;
}

/* --- text_index.h --- */

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
        {"an alias of odd letters", "alias vfio_p:[\x01-\x7f] m\n", "p:a", ""},
        {"nothing", "", "p:a", ""},
};

START_TEST(text_index_finds) {
        const __typeof__(*text_rows) *row = &text_rows[_i];
        struct temp_folder folder = temp_folder_new();
        struct modalias key = parsed(row->modalias);
        struct found found = {};

        temp_file(&folder, "modules.alias", row->text);
        assert_row(text_index_lookup(folder.fd, "modules.alias", &key, found_add, &found) == 0,
                   row);
        assert_row(strcmp(found_text(&found), row->found) == 0, row);
        fd_close(folder.fd);
}
END_TEST

START_TEST(text_index_bounds_alias) {
        static char line[2 * ALIAS_SIZE];
        struct temp_folder folder = temp_folder_new();
        struct modalias key = parsed("p:a");

        for (size_t n = ALIAS_SIZE - 2; n <= ALIAS_SIZE + 1; n++) {
                struct found any = {};
                size_t at = (size_t)(stpcpy(line, "alias ") - line);

                memset(line + at, '*', n);
                (void)stpcpy(line + at + n, " m\n");
                temp_file(&folder, "modules.alias", line);
                any.stop_at = 1;
                any.r = -EXDEV;
                ck_assert_int_eq(
                        text_index_lookup(folder.fd, "modules.alias", &key, found_add, &any),
                        n < ALIAS_SIZE ? -EXDEV : 0);
        }
        fd_close(folder.fd);
}
END_TEST

static const struct {
        const char *why, *text;
        int r_prefix, r_module; /* "vfio_p:", "vfio_pci" */
} ask_rows[] = {
        {"an alias of the bus", "alias vfio_p:a m\n", 1, 0},
        {"spelled with '-'", "alias vfio-p:a m\n", 1, 0},
        {"an alias of a longer bus", "alias vfio_px:a m\n", 0, 0},
        {"the bus's native aliases", "alias p:a m\n", 0, 0},
        {"found before the cut", "alias vfio_p:a m\nalias vfio_", 1, -EBADMSG},
        {"cut before anything is found", "alias vfio_", -EBADMSG, -EBADMSG},
        {"a module", "kernel/drivers/vfio/vfio.ko:\nkernel/vfio-pci.ko: kernel/vfio.ko\n", 0, 1},
        {"a compressed module", "kernel/vfio-pci.ko.xz:\n", 0, 1},
        {"spelled with '_'", "kernel/vfio_pci.ko.zst: x.ko\n", 0, 1},
        {"in modules.builtin", "kernel/drivers/vfio/pci/vfio-pci.ko\n", 0, 1},
        {"without a folder", "vfio-pci.ko:\n", 0, 1},
        {"only another depends on it", "kernel/x.ko: kernel/vfio-pci.ko\n", 0, 0},
        {"a longer name", "kernel/vfio-pci-core.ko:\nkernel/xvfio-pci.ko:\n", 0, 0},
        {"a folder of that name", "kernel/vfio-pci/x.ko:\nkernel/vfio-pci.d/x.ko\n", 0, 0},
        {"a file without an ending", "kernel/vfio-pci\nkernel/vfio-pci:\n", 0, 0},
        {"nothing", "", 0, 0},
        {"an empty line", "\n", 0, 0},
};

START_TEST(text_index_answers) {
        const __typeof__(*ask_rows) *row = &ask_rows[_i];
        struct temp_folder folder = temp_folder_new();

        temp_file(&folder, "x", row->text);
        assert_row(text_index_has_prefix(folder.fd, "x", "vfio_p:") == row->r_prefix, row);
        assert_row(text_index_has_module(folder.fd, "x", "vfio_pci") == row->r_module, row);
        fd_close(folder.fd);
}
END_TEST

START_TEST(text_index_tells_errors) {
        struct temp_folder folder = temp_folder_new();
        struct modalias key = parsed("p:a");
        struct found found = {.stop_at = 2, .r = -EXDEV};

        ck_assert_int_eq(text_index_lookup(folder.fd, "x", &key, found_add, &found), -ENOENT);
        ck_assert_int_eq(text_index_has_prefix(folder.fd, "x", "vfio_p:"), -ENOENT);
        ck_assert_int_eq(text_index_has_module(folder.fd, "x", "vfio_pci"), -ENOENT);
        temp_file(&folder, "x", "alias vfio_p:a m\nalias vfio_p");
        ck_assert_int_eq(text_index_lookup(folder.fd, "x", &key, found_add, &found), -EBADMSG);
        temp_file(&folder, "x", "alias vfio_p:a m\nalias vfio_p:a n\n");
        ck_assert_int_eq(text_index_lookup(folder.fd, "x", &key, found_add, &found), -EXDEV);
        fd_close(folder.fd);
}
END_TEST

void add_text_index(TCase *tcase) {
        tcase_add_loop_test(tcase, text_index_finds, 0, N_ROWS(text_rows));
        tcase_add_test(tcase, text_index_bounds_alias);
        tcase_add_loop_test(tcase, text_index_answers, 0, N_ROWS(ask_rows));
        tcase_add_test(tcase, text_index_tells_errors);
}

/* --- source.h --- */

/* "vfio_p:a" names m, and all of p n; then a chain that only "p:z" walks into is broken. */
static const struct bin_node all = {.values = {{"n", 2}}};
static const struct bin_node just_a = {.values = {{"m", 1}}};
static const struct bin_node broken = {.prefix = "*", .values = {{"no/name", 3}}};
static const struct bin_node root = {
        .prefix = "vfio_p:", .letters = "*az", .children = {&all, &just_a, &broken}};

#define TEXT "alias vfio_p:* text\nalias vfio_p:z z\n"

/* A file that is not there is NULL. */
struct files {
        const char *bin; /* "good", or its bytes */
        const char *text;
        const char *origin;
};

static void make_bin(const struct temp_folder *folder, const char *name, const char *what) {
        static struct bin bin;

        if (what && text_equal(what, "good")) {
                bin_write(&bin, &root, BIN_PREORDER, 0);
                bin_save(&bin, folder, name);
        } else if (what)
                temp_file(folder, name, what);
}

static void make_files(const struct temp_folder *folder, const struct files *files) {
        make_bin(folder, "x.bin", files->bin);
        if (files->text)
                temp_file(folder, "x", files->text);
        if (files->origin)
                temp_file(folder, "x.origin", files->origin);
}

/* What the source knows of. */
enum {
        TEXT_FORM = 1,
        ORIGIN = 2,
};

static const struct {
        const char *why;
        struct files files;
        int knows;
        int there;
        struct {
                int r;
                const char *found;
        } a, z; /* of the look-ups of "p:a" and then of "p:z" */
        enum {
                NEVER,
                AT_ONCE,
                BY_Z,
        } damaged;
} source_rows[] = {
        {"an index",
         {"good", TEXT},
         TEXT_FORM,
         1,
         {0, "vfio_p:* n 2;vfio_p:a m 1;"},
         {0, "vfio_p:* text 1;vfio_p:z z 2;"},
         BY_Z},
        {"an index without its text",
         {"good"},
         TEXT_FORM,
         1,
         {0, "vfio_p:* n 2;vfio_p:a m 1;"},
         {-EBADMSG, ""},
         NEVER},
        {"an index that has no text form",
         {"good", TEXT},
         0,
         1,
         {0, "vfio_p:* n 2;vfio_p:a m 1;"},
         {-EBADMSG, ""},
         NEVER},
        {"only the text",
         {NULL, TEXT},
         TEXT_FORM,
         1,
         {0, "vfio_p:* text 1;"},
         {0, "vfio_p:* text 1;vfio_p:z z 2;"},
         NEVER},
        {"only a text that isn't its", {NULL, TEXT}, 0, 0, {0, ""}, {0, ""}, NEVER},
        {"nothing", {}, TEXT_FORM | ORIGIN, 0, {0, ""}, {0, ""}, NEVER},
        {"damaged, and the text",
         {"nonsense", TEXT},
         TEXT_FORM,
         1,
         {0, "vfio_p:* text 1;"},
         {0, "vfio_p:* text 1;vfio_p:z z 2;"},
         AT_ONCE},
        {"damaged",
         {"nonsense, of some length"},
         TEXT_FORM | ORIGIN,
         -EBADMSG,
         {-EBADMSG, ""},
         {-EBADMSG, ""},
         NEVER},
        {"empty, and depmod doesn't leave it so",
         {""},
         TEXT_FORM,
         -EBADMSG,
         {-EBADMSG, ""},
         {-EBADMSG, ""},
         NEVER},
        {"empty, as depmod leaves it", {""}, ORIGIN, 0, {0, ""}, {0, ""}, NEVER},
        {"empty, though its origin is there",
         {"", NULL, "o"},
         ORIGIN,
         -EBADMSG,
         {-EBADMSG, ""},
         {-EBADMSG, ""},
         NEVER},
        {"not empty, and its origin is missing",
         {"\xb0"},
         ORIGIN,
         -EBADMSG,
         {-EBADMSG, ""},
         {-EBADMSG, ""},
         NEVER},
        {"empty, its origin missing, the text there",
         {"", TEXT},
         TEXT_FORM | ORIGIN,
         0,
         {0, ""},
         {0, ""},
         NEVER},
        {"damaged, and the text was cut",
         {"nonsense", "alias"},
         TEXT_FORM,
         1,
         {-EBADMSG, ""},
         {-EBADMSG, ""},
         AT_ONCE},
        {"the text was cut", {NULL, "alias"}, TEXT_FORM, 1, {-EBADMSG, ""}, {-EBADMSG, ""}, NEVER},
};

static void init_source(const __typeof__(*source_rows) *row, struct arena *arena,
                        struct source *ret) {
        memset(ret, 0, sizeof(*ret));
        source_init(ret, "x.bin", row->knows & TEXT_FORM ? "x" : NULL,
                    row->knows & ORIGIN ? "x.origin" : NULL, arena);
}

START_TEST(source_answers) {
        const __typeof__(*source_rows) *row = &source_rows[_i];
        struct temp_folder folder = temp_folder_new();
        struct modalias a = parsed("p:a"), z = parsed("p:z");
        struct arena arena = {};
        struct source source;
        struct found found = {};
        int r;

        make_files(&folder, &row->files);
        init_source(row, &arena, &source);
        assert_row(source_is_there(&source, folder.fd) == row->there, row);
        for (int round = 0; round < 2; round++) {
                found.n = 0;
                r = source_lookup(&source, folder.fd, &a, found_add, found_restart, &found);
                assert_row(r == row->a.r, row);
                assert_row(r < 0 || strcmp(found_text(&found), row->a.found) == 0, row);
                assert_row(source.damaged == (row->damaged == AT_ONCE), row);
        }
        found = (struct found){};
        r = source_lookup(&source, folder.fd, &z, found_add, found_restart, &found);
        assert_row(r == row->z.r, row);
        assert_row(r < 0 || strcmp(found_text(&found), row->z.found) == 0, row);
        assert_row(source.damaged == (row->damaged != NEVER), row);
        assert_row(found.n_restarts == (row->files.bin && !strcmp(row->files.bin, "good")), row);
        source_done(&source);
        source_done(&source);
        arena_done(&arena);
        fd_close(folder.fd);
}
END_TEST

/* Questions of yes or no; PREFIX is "vfio_p:", MODULE "vfio_p:a" or, in a text, "vfio_pci". */
static const struct {
        const char *why, *bin, *text;
        int r_prefix, r_module;
} question_rows[] = {
        {"an index", "good", NULL, 1, 1},
        {"an index before its text", "good", "x.ko:\n", 1, 1},
        {"a text", NULL, "alias vfio_p:a m\n", 1, 0},
        {"a text with that module", NULL, "kernel/vfio_p:a.ko:\nkernel/a.ko:\n", 0, 0},
        {"damaged, and a text", "nonsense", "alias vfio_p:a m\n", 1, 0},
        {"damaged", "nonsense", NULL, -EBADMSG, -EBADMSG},
        {"nothing", NULL, NULL, 0, 0},
};

START_TEST(source_answers_questions) {
        const __typeof__(*question_rows) *row = &question_rows[_i];
        struct temp_folder folder = temp_folder_new();
        struct arena arena = {};
        struct source source = {};

        make_files(&folder, &(struct files){.bin = row->bin, .text = row->text});
        source_init(&source, "x.bin", "x", NULL, &arena);
        assert_row(source_has_prefix(&source, folder.fd, "vfio_p:") == row->r_prefix, row);
        assert_row(source_has_module(&source, folder.fd, "vfio_p:a") == row->r_module, row);
        source_done(&source);
        arena_done(&arena);
        fd_close(folder.fd);
}
END_TEST

/* A question that comes upon damage is answered by the text. */
START_TEST(source_question_meets_damage) {
        static struct bin bin;
        struct temp_folder folder = temp_folder_new();
        struct arena arena = {};
        struct source source = {};

        bin_write(&bin, &root, BIN_PREORDER, 0);
        bin_root(&bin, (bin.size - 1) | NODE_HAS_PREFIX | NODE_HAS_CHILDREN);
        bin_save(&bin, &folder, "x.bin");
        temp_file(&folder, "x", "kernel/vfio-pci.ko:\n");
        source_init(&source, "x.bin", "x", NULL, &arena);
        ck_assert_int_eq(source_has_module(&source, folder.fd, "vfio_pci"), 1);
        ck_assert(source.damaged);
        source_done(&source);
        arena_done(&arena);
        fd_close(folder.fd);
}
END_TEST

/* An error that is no damage is no reason to ask the text. */
START_TEST(source_tells_other_errors) {
        struct temp_folder folder = temp_folder_new();
        struct modalias a = parsed("p:a");
        struct arena arena = {};
        struct source source = {};
        struct found found = {};

        ck_assert_int_eq(symlinkat("x.bin", folder.fd, "x.bin"), 0);
        temp_file(&folder, "x", TEXT);
        source_init(&source, "x.bin", "x", NULL, &arena);
        ck_assert_int_eq(source_is_there(&source, folder.fd), -ELOOP);
        ck_assert_int_eq(source_lookup(&source, folder.fd, &a, found_add, found_restart, &found),
                         -ELOOP);
        ck_assert_int_eq(source_has_prefix(&source, folder.fd, "vfio_p:"), -ELOOP);
        ck_assert_int_eq(unlinkat(folder.fd, "x.bin", 0), 0);
        ck_assert_int_eq(unlinkat(folder.fd, "x", 0), 0);
        ck_assert_int_eq(symlinkat("x", folder.fd, "x"), 0);
        ck_assert_int_eq(source_is_there(&source, folder.fd), -ELOOP);
        source_done(&source);
        arena_done(&arena);
        fd_close(folder.fd);
}
END_TEST

void add_source(TCase *tcase) {
        tcase_add_loop_test(tcase, source_answers, 0, N_ROWS(source_rows));
        tcase_add_loop_test(tcase, source_answers_questions, 0, N_ROWS(question_rows));
        tcase_add_test(tcase, source_question_meets_damage);
        tcase_add_test(tcase, source_tells_other_errors);
}

/* --- index.h --- */

static const struct bin_node module_m = {.prefix = "m", .values = {{"m.ko:", 0}}};
static const struct bin_node module_b = {.prefix = "b", .values = {{"b.ko", 0}}};
static const struct bin_node built_in_alias = {.prefix = "vfio_p:a*", .values = {{"b", 0}}};

static void save(const struct temp_folder *folder, const char *name, const struct bin_node *node) {
        static struct bin bin;

        bin_write(&bin, node, BIN_POSTORDER, 0);
        bin_save(&bin, folder, name);
}

/* A whole tree: aliases of m, n and the built-in b; only m and b are there. */
static struct temp_folder whole_tree(void) {
        struct temp_folder folder = temp_folder_new();

        save(&folder, "modules.alias.bin", &root);
        save(&folder, "modules.builtin.alias.bin", &built_in_alias);
        save(&folder, "modules.dep.bin", &module_m);
        save(&folder, "modules.builtin.bin", &module_b);
        return folder;
}

struct opened {
        struct arena arena, found;
        struct index *index;
        struct matches matches; /* of the last look-up */
};

static void open_index(const struct temp_folder *folder, struct opened *ret) {
        memset(ret, 0, sizeof(*ret));
        ck_assert_int_eq(index_open(folder->path, &ret->arena, &ret->index), 0);
}

static void close_index(struct opened *opened) {
        index_close(opened->index);
        arena_done(&opened->found);
        arena_done(&opened->arena);
}

/* index_lookup(), whose *ret is left alone where it fails, and then has none. */
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
        struct temp_folder folder = whole_tree();
        struct modalias a = parsed("p:a"), ax = parsed("p:ax"), other = parsed("q:a");
        const struct matches *matches;
        struct opened opened;

        open_index(&folder, &opened);
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
        ck_assert_int_eq(matches->list[1].origin, CANDIDATE_INDEX);
        ck_assert_uint_eq(matches->list[2].priority, 2);
        ck_assert_ptr_null(index_damaged_file(opened.index));
        ck_assert_int_eq(index_has_bus(opened.index, &a), 1);
        ck_assert_int_eq(index_has_bus(opened.index, &other), 0);
        close_index(&opened);
        fd_close(folder.fd);
}
END_TEST

/* What was looked up shows the files as they were. */
START_TEST(index_keeps_what_it_opened) {
        struct temp_folder folder = whole_tree();
        struct modalias a = parsed("p:a"), ax = parsed("p:ax");
        const struct matches *matches;
        struct opened opened;

        open_index(&folder, &opened);
        ck_assert_int_eq(look_up(&opened, &a, &matches), 0);
        ck_assert_int_eq(unlinkat(folder.fd, "modules.alias.bin", 0), 0);
        save(&folder, "modules.alias.bin", &module_m);
        ck_assert_int_eq(look_up(&opened, &ax, &matches), 0);
        ck_assert_str_eq(modules(matches), "b! n ");
        close_index(&opened);
        fd_close(folder.fd);
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
        struct temp_folder folder = whole_tree();
        enum index_presence presence = 77;
        struct opened opened;

        if (row->gone)
                ck_assert_int_eq(unlinkat(folder.fd, row->gone, 0), 0);
        open_index(&folder, &opened);
        assert_row(index_find_module(opened.index, row->module, row->named_built_in, &presence) ==
                           0,
                   row);
        assert_row(presence == row->presence, row);
        close_index(&opened);
        fd_close(folder.fd);
}
END_TEST

#define NONSENSE "this is no index at all"

static const struct {
        const char *why, *file, *text_file, *text; /* FILE is nonsense; TEXT_FILE has TEXT */
        int r_lookup, r_bus;
        const char *modules;
        int r_presence; /* of "b" */
        const char *damaged;
} damage_rows[] = {
        {"aliases, and the text", "modules.alias.bin", "modules.alias", "alias vfio_p:a t\n", 0, 1,
         "t b! ", 0, "modules.alias.bin"},
        {"aliases", "modules.alias.bin", NULL, NULL, -EBADMSG, -EBADMSG, NULL, 0, NULL},
        {"aliases of built-in modules, which have no text", "modules.builtin.alias.bin",
         "modules.builtin.alias", "alias vfio_p:a t\n", -EBADMSG, 1, NULL, 0, NULL},
        {"modules", "modules.dep.bin", NULL, NULL, 0, 1, "m b! n ", -EBADMSG, NULL},
        {"modules, and the text", "modules.dep.bin", "modules.dep", "kernel/m.ko:\n", 0, 1,
         "m b! n ", 0, "modules.dep.bin"},
        {"built-in modules", "modules.builtin.bin", NULL, NULL, 0, 1, "m b! n ", -EBADMSG, NULL},
        {"built-in modules, and the text", "modules.builtin.bin", "modules.builtin",
         "kernel/b.ko\n", 0, 1, "m b! n ", 0, "modules.builtin.bin"},
};

START_TEST(index_tells_damage) {
        const __typeof__(*damage_rows) *row = &damage_rows[_i];
        struct temp_folder folder = whole_tree();
        struct modalias a = parsed("p:a");
        const struct matches *matches = NULL;
        enum index_presence presence = 77;
        struct opened opened;
        const char *damaged;

        temp_file(&folder, row->file, NONSENSE);
        if (row->text)
                temp_file(&folder, row->text_file, row->text);
        open_index(&folder, &opened);
        assert_row(look_up(&opened, &a, &matches) == row->r_lookup, row);
        assert_row(row->modules ? !strcmp(modules(matches), row->modules) : !matches, row);
        assert_row(index_has_bus(opened.index, &a) == row->r_bus, row);
        assert_row(index_find_module(opened.index, "b", false, &presence) == row->r_presence, row);
        assert_row(presence == (row->r_presence < 0 ? 77 : MODULE_BUILT_IN), row);
        damaged = index_damaged_file(opened.index);
        assert_row(row->damaged ? damaged && !strcmp(damaged, row->damaged) : !damaged, row);
        close_index(&opened);
        fd_close(folder.fd);
}
END_TEST

START_TEST(index_named_built_in_tells_damage) {
        struct temp_folder folder = whole_tree();
        enum index_presence presence = 77;
        struct opened opened;

        temp_file(&folder, "modules.builtin.bin", NONSENSE);
        open_index(&folder, &opened);
        ck_assert_int_eq(index_find_module(opened.index, "b", true, &presence), -EBADMSG);
        ck_assert_int_eq(presence, 77);
        close_index(&opened);
        fd_close(folder.fd);
}
END_TEST

/* Damage in the second file gives up nothing of the first; damage amid the first, all of it. */
START_TEST(index_keeps_each_file_apart) {
        struct temp_folder folder = whole_tree();
        struct modalias z = parsed("p:z");
        const struct matches *matches;
        struct opened opened;

        temp_file(&folder, "modules.alias", TEXT);
        open_index(&folder, &opened);
        ck_assert_int_eq(look_up(&opened, &z, &matches), 0);
        ck_assert_str_eq(modules(matches), "z text ");
        ck_assert_str_eq(index_damaged_file(opened.index), "modules.alias.bin");
        close_index(&opened);
        fd_close(folder.fd);
}
END_TEST

START_TEST(index_of_nothing) {
        struct temp_folder folder = temp_folder_new();
        struct modalias a = parsed("p:a");
        const struct matches *matches;
        enum index_presence presence;
        struct opened opened;

        open_index(&folder, &opened);
        ck_assert_int_eq(look_up(&opened, &a, &matches), 0);
        ck_assert_uint_eq(matches->n, 0);
        ck_assert_int_eq(index_has_bus(opened.index, &a), 0);
        ck_assert_int_eq(index_find_module(opened.index, "m", false, &presence), 0);
        ck_assert_int_eq(presence, MODULE_ABSENT);
        ck_assert_ptr_null(index_damaged_file(opened.index));
        close_index(&opened);
        fd_close(folder.fd);
        index_close(NULL);
}
END_TEST

START_TEST(index_open_tells_errors) {
        struct index *const untouched = (struct index *)(void *)&root, *index = untouched;
        struct temp_folder folder = temp_folder_new();
        struct arena arena = {};
        char path[256];
        int r;

        (void)stpcpy(stpcpy(path, folder.path), "/file");
        temp_file(&folder, "file", "");
        ck_assert_int_eq(index_open(path, &arena, &index), -ENOTDIR);
        (void)stpcpy(stpcpy(path, folder.path), "/nothing");
        ck_assert_int_eq(index_open(path, &arena, &index), -ENOENT);
        arena_done(&arena);
        memory_is_short();
        r = index_open(folder.path, &arena, &index);
        memory_is_back();
        ck_assert_int_eq(r, -ENOMEM);
        ck_assert_ptr_eq(index, untouched);
        arena_done(&arena);
        fd_close(folder.fd);
}
END_TEST

START_TEST(index_of_running_kernel) {
        struct arena arena = {};
        struct index *index = NULL;
        int r = index_open(NULL, &arena, &index);

        /* A container has no module tree; a machine has one */
        ck_assert(r == 0 || r == -ENOENT);
        ck_assert((r == 0) == (index != NULL));
        index_close(index);
        arena_done(&arena);
}
END_TEST

START_TEST(index_without_memory) {
        struct temp_folder folder = whole_tree();
        struct modalias a = parsed("p:a");
        const struct matches *matches = NULL;
        struct opened opened;
        int r;

        open_index(&folder, &opened);
        memory_is_short();
        r = look_up(&opened, &a, &matches);
        memory_is_back();
        ck_assert_int_eq(r, -ENOMEM);
        ck_assert_ptr_null(matches);
        ck_assert_int_eq(look_up(&opened, &a, &matches), 0);
        ck_assert_str_eq(modules(matches), "m b! n ");
        close_index(&opened);
        fd_close(folder.fd);
}
END_TEST

void add_index(TCase *tcase) {
        tcase_add_test(tcase, index_finds);
        tcase_add_test(tcase, index_keeps_what_it_opened);
        tcase_add_loop_test(tcase, index_finds_module, 0, N_ROWS(presence_rows));
        tcase_add_loop_test(tcase, index_tells_damage, 0, N_ROWS(damage_rows));
        tcase_add_test(tcase, index_named_built_in_tells_damage);
        tcase_add_test(tcase, index_keeps_each_file_apart);
        tcase_add_test(tcase, index_of_nothing);
        tcase_add_test(tcase, index_open_tells_errors);
        tcase_add_test(tcase, index_of_running_kernel);
        tcase_add_test(tcase, index_without_memory);
}
