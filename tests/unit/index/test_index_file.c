/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/index: a source of either form. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "bin.h"
#include "fd.h"
#include "found.h"
#include "index_file.h"
#include "test_index.h"
#include "test_index_file.h"
#include "text.h"

static const struct bin_node all = {.values = {{"n", 2}}};
static const struct bin_node just_a = {.values = {{"m", 1}}};
static const struct bin_node broken = {.prefix = "*", .values = {{"no/name", 3}}};
const struct bin_node root = {
        .prefix = "vfio_p:", .characters = "*az", .children = {&all, &just_a, &broken}};

/* A file that is not there is NULL. */
struct files {
        const char *bin; /* "good", or its bytes */
        const char *text;
        const char *origin;
};

static void make_bin(const struct temp_directory *directory, const char *name, const char *what) {
        static struct bin bin;

        if (what && streq(what, "good")) {
                bin_write(&bin, &root, BIN_PREORDER, 0);
                bin_save(&bin, directory, name);
        } else if (what)
                temp_file(directory, name, what);
}

static void make_files(const struct temp_directory *directory, const struct files *files) {
        make_bin(directory, "x.bin", files->bin);
        if (files->text)
                temp_file(directory, "x", files->text);
        if (files->origin)
                temp_file(directory, "x.origin", files->origin);
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
        } a, z; /* of the lookups of "p:a" and then of "p:z" */
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
                        struct index_file *ret) {
        memset(ret, 0, sizeof(*ret));
        index_file_init(ret, "x.bin", row->knows & TEXT_FORM ? "x" : NULL,
                        row->knows & ORIGIN ? "x.origin" : NULL, arena);
}

START_TEST(source_answers) {
        const __typeof__(*source_rows) *row = &source_rows[_i];
        struct temp_directory directory = temp_directory_new();
        struct modalias a = parsed("p:a"), z = parsed("p:z");
        struct arena arena = {};
        struct index_file file;
        struct found found = {};
        int r;

        make_files(&directory, &row->files);
        init_source(row, &arena, &file);
        assert_row(index_file_exists(&file, directory.fd) == row->there, row);
        for (int round = 0; round < 2; round++) {
                found.n = 0;
                r = index_file_lookup(&file, directory.fd, &a, found_add, found_restart, &found);
                assert_row(r == row->a.r, row);
                assert_row(r < 0 || strcmp(found_text(&found), row->a.found) == 0, row);
                assert_row(file.damaged == (row->damaged == AT_ONCE), row);
        }
        found = (struct found){};
        r = index_file_lookup(&file, directory.fd, &z, found_add, found_restart, &found);
        assert_row(r == row->z.r, row);
        assert_row(r < 0 || strcmp(found_text(&found), row->z.found) == 0, row);
        assert_row(file.damaged == (row->damaged != NEVER), row);
        assert_row(found.n_restarts == (row->files.bin && !strcmp(row->files.bin, "good")), row);
        index_file_done(&file);
        index_file_done(&file);
        arena_done(&arena);
        fd_close(directory.fd);
}
END_TEST

/* Is the module there? */
static const struct {
        const char *why, *bin, *text, *module;
        int r;
} question_rows[] = {
        {"an index", "good", NULL, "vfio_p:a", 1},
        {"another module", "good", NULL, "m", 0},
        {"an index before its text", "good", "kernel/m.ko:\n", "m", 0},
        {"a text", NULL, "kernel/m.ko:\n", "m", 1},
        {"a text without it", NULL, "kernel/mm.ko:\n", "m", 0},
        {"damaged, and a text", "nonsense", "kernel/m.ko:\n", "m", 1},
        {"damaged", "nonsense", NULL, "m", -EBADMSG},
        {"nothing", NULL, NULL, "m", 0},
};

START_TEST(source_answers_questions) {
        const __typeof__(*question_rows) *row = &question_rows[_i];
        struct temp_directory directory = temp_directory_new();
        struct arena arena = {};
        struct index_file file = {};

        make_files(&directory, &(struct files){.bin = row->bin, .text = row->text});
        index_file_init(&file, "x.bin", "x", NULL, &arena);
        assert_row(index_file_find_module(&file, directory.fd, row->module, NULL, 0) == row->r,
                   row);
        index_file_done(&file);
        arena_done(&arena);
        fd_close(directory.fd);
}
END_TEST

/* A lookup that finds damage reads the text file. */
START_TEST(source_question_meets_damage) {
        static struct bin bin;
        struct temp_directory directory = temp_directory_new();
        struct arena arena = {};
        struct index_file file = {};

        bin_write(&bin, &root, BIN_PREORDER, 0);
        bin_root(&bin, (bin.size - 1) | NODE_HAS_PREFIX | NODE_HAS_CHILDREN);
        bin_save(&bin, &directory, "x.bin");
        temp_file(&directory, "x", "kernel/vfio-pci.ko:\n");
        index_file_init(&file, "x.bin", "x", NULL, &arena);
        ck_assert_int_eq(index_file_find_module(&file, directory.fd, "vfio_pci", NULL, 0), 1);
        ck_assert(file.damaged);
        index_file_done(&file);
        arena_done(&arena);
        fd_close(directory.fd);
}
END_TEST

/* An error that is no damage is no reason to ask the text. */
START_TEST(index_file_reports_other_errors) {
        struct temp_directory directory = temp_directory_new();
        struct modalias a = parsed("p:a");
        struct arena arena = {};
        struct index_file file = {};
        struct found found = {};

        ck_assert_int_eq(symlinkat("x.bin", directory.fd, "x.bin"), 0);
        temp_file(&directory, "x", TEXT);
        index_file_init(&file, "x.bin", "x", NULL, &arena);
        ck_assert_int_eq(index_file_exists(&file, directory.fd), -ELOOP);
        ck_assert_int_eq(
                index_file_lookup(&file, directory.fd, &a, found_add, found_restart, &found),
                -ELOOP);
        ck_assert_int_eq(index_file_find_module(&file, directory.fd, "vfio_p", NULL, 0), -ELOOP);
        ck_assert_int_eq(unlinkat(directory.fd, "x.bin", 0), 0);
        ck_assert_int_eq(unlinkat(directory.fd, "x", 0), 0);
        ck_assert_int_eq(symlinkat("x", directory.fd, "x"), 0);
        ck_assert_int_eq(index_file_exists(&file, directory.fd), -ELOOP);
        index_file_done(&file);
        arena_done(&arena);
        fd_close(directory.fd);
}
END_TEST

void add_source(TCase *tcase) {
        tcase_add_loop_test(tcase, source_answers, 0, N_ROWS(source_rows));
        tcase_add_loop_test(tcase, source_answers_questions, 0, N_ROWS(question_rows));
        tcase_add_test(tcase, source_question_meets_damage);
        tcase_add_test(tcase, index_file_reports_other_errors);
}
