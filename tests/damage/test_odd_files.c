/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is no file in the place of an index file, and a file that changes while it is read: the text
 * file choices, or it is an error; never a wait, never silence. Check gives each test a process of
 * its own and a deadline.
 */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "bin_builder.h"
#include "choice.h"
#include "cleanup.h"
#include "text.h"

/* CPU seconds of one lookup, which takes microseconds: a busy machine takes no more. */
#define CPU_SECONDS 10
/* Of a lookup that blocks, on a FIFO say. */
#define WALL_SECONDS 300

#define DEVICE "pci:v000015B3d0000101Esv000015B3sd00000001bc02sc00i00"

/* One alias each, in a root without children; and a list of both modules. */
#define VARIANT_ALIAS "vfio_pci:v000015B3d*"
#define GENERIC_ALIAS "vfio_pci:v*"

static void write_bin(const char *name, const char *key, const char *module) {
        struct bin bin;

        bin_begin(&bin, HAS_PREFIX | HAS_VALUES | HEADER_SIZE);
        bin_add_text(&bin, key);
        bin_add_u32(&bin, 1);
        bin_add_value(&bin, module);
        scratch_write(name, bin.bytes, bin.size);
        bin_done(&bin);
}

/* A tree whose loadable module is the generic one, and whose built-in module is a variant. */
static void write_tree(void) {
        write_bin("modules.alias.bin", GENERIC_ALIAS, "vfio_pci");
        write_bin("modules.builtin.alias.bin", VARIANT_ALIAS, "variant");
        write_bin("modules.dep.bin", "vfio_pci", "vfio_pci");
        write_bin("modules.builtin.bin", "variant", "variant");
        scratch_write_text("modules.builtin.modinfo", "");
        scratch_write_text("modules.alias", "alias " GENERIC_ALIAS " vfio_pci\n");
        scratch_write_text("modules.dep", "kernel/vfio-pci.ko:\n");
        scratch_write_text("modules.builtin", "kernel/variant.ko\n");
}

/* The files of the index, and whether another can stand in for it. */
static const struct {
        const char *name;
        const char *text;
} files[] = {
        {"modules.alias.bin", "modules.alias"},
        {"modules.builtin.alias.bin", NULL},
        {"modules.dep.bin", "modules.dep"},
        {"modules.builtin.bin", "modules.builtin"},
};

enum { N_FILES = sizeof(files) / sizeof(files[0]) };

/* Removes what the test before left. */
static void setup(void) {
        scratch_clear();
        write_tree();
}

static int open_source(struct choice_source **ret) {
        static const char *directories[2]; /* outlives the source */

        directories[0] = scratch_modprobe_path();
        return choice_source_open(scratch_path(), directories, ret);
}

/* Asks for the device; the choice must be the right one, or an error. Returns 1 or the error. */
static int ask_source(struct choice_source *source) {
        struct choice choice;
        int r = choice_find(source, DEVICE, NULL, &choice);

        ck_assert_int_ne(r, 0);
        if (r < 0)
                return r;
        ck_assert_str_eq(choice.driver, "variant");
        ck_assert_str_eq(choice.module, "");
        ck_assert_str_eq(choice.fallback, "vfio-pci");
        return r;
}

static int ask(void) {
        struct choice_source *source;
        int r = open_source(&source);

        if (r < 0)
                return r;
        r = ask_source(source);
        choice_source_close(source);
        return r;
}

START_TEST(test_intact) {
        ck_assert_int_eq(ask(), 1);
}
END_TEST

/* --- what is no file --- */

static void make_fifo(int dir_fd, const char *name) {
        ck_assert_int_eq(mkfifoat(dir_fd, name, 0600), 0);
}

static void make_directory(int dir_fd, const char *name) {
        ck_assert_int_eq(mkdirat(dir_fd, name, 0700), 0);
}

static void make_socket(int dir_fd, const char *name) {
        struct sockaddr_un address = {.sun_family = AF_UNIX};
        _cleanup_close_ int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

        ck_assert_int_eq(fchdir(dir_fd), 0); /* an address is shorter than a path can be */
        ck_assert(text_join(address.sun_path, sizeof(address.sun_path), name, ""));
        ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
}

static void make_link(int dir_fd, const char *name, const char *target) {
        ck_assert_int_eq(symlinkat(target, dir_fd, name), 0);
}

static void make_zero(int dir_fd, const char *name) {
        make_link(dir_fd, name, "/dev/zero");
}

static void make_full(int dir_fd, const char *name) {
        make_link(dir_fd, name, "/dev/full");
}

static void make_null(int dir_fd, const char *name) {
        make_link(dir_fd, name, "/dev/null");
}

static void make_loop(int dir_fd, const char *name) {
        make_link(dir_fd, name, name);
}

/* A terminal to whose other end no process writes: a read would block forever. */
static void make_terminal(int dir_fd, const char *name) {
        make_link(dir_fd, name, "/dev/ptmx");
}

static void make_empty(int dir_fd, const char *name) {
        _cleanup_close_ int fd = openat(dir_fd, name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

        ck_assert_int_ge(fd, 0);
}

static const struct {
        void (*make)(int dir_fd, const char *name);
        bool reads_as_empty; /* a text file may have nothing in it */
        bool is_empty;       /* it has no bytes, as far as stat(2) can say */
} makers[] = {
        {make_fifo},
        {make_directory},
        {make_socket},
        {make_loop},
        {make_zero, .is_empty = true},
        {make_full, .is_empty = true},
        {make_terminal, .is_empty = true},
        {make_null, .is_empty = true, .reads_as_empty = true},
        {make_empty, .is_empty = true, .reads_as_empty = true},
};

enum { N_MAKERS = sizeof(makers) / sizeof(makers[0]) };

static void replace(const char *name, size_t maker) {
        _cleanup_close_ int dir_fd = fd_open_directory(AT_FDCWD, scratch_path());

        scratch_delete(name);
        makers[maker].make(dir_fd, name);
}

static void delete_text_files(void) {
        for (size_t i = 0; i < N_FILES; i++)
                if (files[i].text)
                        scratch_delete(files[i].text);
}

/* In the place of a .bin: the text choices, or it is an error. */
START_TEST(test_no_file) {
        replace(files[_i % N_FILES].name, (size_t)_i / N_FILES);
        (void)ask(); /* asserts that it is one or the other */
}
END_TEST

/*
 * Without any text file it is an error; but an empty list of built-in modules is what depmod leaves
 * where it finds no modules.builtin.
 */
START_TEST(test_no_file_no_text) {
        const char *name = files[_i % N_FILES].name;
        size_t maker = (size_t)_i / N_FILES;
        int r;

        delete_text_files();
        replace(name, maker);
        r = ask();
        if (!makers[maker].is_empty || !streq(name, "modules.builtin.bin"))
                ck_assert_int_lt(r, 0);
}
END_TEST

/* In the place of the text file, where that has to choice: an error. */
START_TEST(test_no_text_file) {
        size_t file = (size_t)_i % N_FILES, maker = (size_t)_i / N_FILES;

        if (!files[file].text || makers[maker].reads_as_empty)
                return;
        scratch_write(files[file].name, "x", 1);
        replace(files[file].text, maker);
        ck_assert_int_lt(ask(), 0);
}
END_TEST

/* --- what is cut while it is open --- */

/* Where the alias of a bus begins in the file: in a block that a lookup for another leaves alone.
 */
#define FAR_OFFSET 10000

/* An index of the aliases "vfio_aaa:*" and GENERIC_ALIAS, far from each other. Returns its size. */
static off_t write_long_bin(void) {
        const uint32_t n_characters = 'p' - 'a' + 1;
        const uint32_t near_offset =
                HEADER_SIZE + sizeof("vfio_") + 2 + n_characters * sizeof(uint32_t);
        struct bin bin;
        off_t size;

        bin_begin(&bin, HAS_PREFIX | HAS_CHILDREN | HEADER_SIZE);
        bin_add_text(&bin, "vfio_");
        bin_add_u8(&bin, 'a');
        bin_add_u8(&bin, 'p');
        for (uint32_t i = 0; i < n_characters; i++)
                bin_add_u32(&bin, i == 0                  ? HAS_PREFIX | HAS_VALUES | near_offset
                                  : i == n_characters - 1 ? HAS_PREFIX | HAS_VALUES | FAR_OFFSET
                                                          : 0);
        bin_add_text(&bin, "aa:*");
        bin_add_u32(&bin, 1);
        bin_add_value(&bin, "vfio_pci");
        while (bin.size < FAR_OFFSET)
                bin_add_u8(&bin, 0);
        bin_add_text(&bin, "ci:v*");
        bin_add_u32(&bin, 1);
        bin_add_value(&bin, "vfio_pci");
        scratch_write("modules.alias.bin", bin.bytes, bin.size);
        size = bin.size;
        bin_done(&bin);
        return size;
}

/* Looks up a device of the other bus, then cuts the file to SIZE, and asks for ours. */
static int ask_while_cut(off_t size) {
        _cleanup_close_ int fd = scratch_open("modules.alias.bin", O_WRONLY);
        struct choice_source *source;
        struct choice choice;
        int r;

        ck_assert_int_eq(open_source(&source), 0);
        ck_assert_int_eq(choice_find(source, "aaa:1", NULL, &choice), 1);
        ck_assert_str_eq(choice.driver, "vfio-pci");
        ck_assert_int_eq(ftruncate(fd, size), 0);
        r = ask_source(source);
        choice_source_close(source);
        return r;
}

START_TEST(test_cut_while_open) {
        bool with_text = _i;
        off_t size = write_long_bin();

        ck_assert_int_eq(ask_while_cut(size), 1);
        if (!with_text)
                delete_text_files();
        for (off_t cut = 0; cut < size; cut += cut < FAR_OFFSET - 10 ? 97 : 1) {
                (void)write_long_bin();
                ck_assert_int_eq(ask_while_cut(cut), with_text ? 1 : -EBADMSG);
        }
}
END_TEST

int main(void) {
        Suite *suite = suite_create("odd files");
        SRunner *runner = srunner_create(suite);
        TCase *odd = tcase_create("odd files");
        const int n = N_MAKERS * N_FILES;
        const struct rlimit cpu = {.rlim_cur = CPU_SECONDS, .rlim_max = CPU_SECONDS};
        int n_failed;

        tcase_set_timeout(odd, WALL_SECONDS);
        if (setrlimit(RLIMIT_CPU, &cpu) < 0)
                return 1;
        tcase_add_unchecked_fixture(odd, scratch_make, scratch_remove);
        tcase_add_checked_fixture(odd, setup, NULL);
        tcase_add_test(odd, test_intact);
        tcase_add_loop_test(odd, test_no_file, 0, n);
        tcase_add_loop_test(odd, test_no_file_no_text, 0, n);
        tcase_add_loop_test(odd, test_no_text_file, 0, n);
        tcase_add_loop_test(odd, test_cut_while_open, 0, 2);
        suite_add_tcase(suite, odd);
        srunner_run_all(runner, CK_NORMAL);
        n_failed = srunner_ntests_failed(runner);
        srunner_free(runner);
        return n_failed > 0;
}
