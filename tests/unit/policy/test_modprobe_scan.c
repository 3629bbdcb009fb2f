/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/policy: whether modprobe.d mentions a module. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fd.h"
#include "modprobe_scan.h"
#include "unit.h"

static char file_text[MODPROBE_FILE_SIZE_MAX]; /* of the file that is read */

static const struct {
        const char *why, *file, *text;
        int mentions; /* vfio_x */
} mention_rows[] = {
        {"an alias", "a.conf", "alias vfio_x:* m\n", 1},
        {"an alias for it", "a.conf", "alias y vfio_x\n", 1},
        {"a blacklist", "a.conf", "blacklist vfio_x\n", 1},
        {"a file of aliases", "a.alias", "alias y vfio_x\n", 1},
        {"spelled with '-'", "a.conf", "blacklist vfio-x\n", 1},
        {"without a newline after it", "a.conf", "blacklist vfio_x", 1},
        {"blanks before it", "a.conf", " \t blacklist\tvfio_x\n", 1},
        {"after other lines", "a.conf", "# x\n\noptions x y=1\nblacklist vfio_x\n", 1},
        {"after an irrelevant line with the name", "a.conf",
         "options vfio_x a=1\nblacklist vfio_x\n", 1},
        {"a longer name: in doubt, yes", "a.conf", "blacklist vfio_xyz\n", 1},

        {"options", "a.conf", "options vfio_x ids=1234:5678\n", 0},
        {"a soft dependency", "a.conf", "softdep drm pre: vfio_x\n", 0},
        {"a weak dependency", "a.conf", "weakdep drm vfio_x\n", 0},
        {"an install line", "a.conf", "install vfio_x /bin/true\n", 1},
        {"an install line for another, with it in its command", "a.conf",
         "install y modprobe vfio_x\n", 1},
        {"a remove line", "a.conf", "remove vfio_x /bin/true\n", 0},
        {"a comment", "a.conf", "# blacklist vfio_x\n#alias vfio_x m\n", 0},
        {"others", "a.conf", "blacklist nouveau\nalias y z\n", 0},
        {"in the line after a blacklist", "a.conf", "blacklist nouveau\noptions vfio_x a=1\n", 0},
        {"nothing", "a.conf", "", 0},

        {"a line that goes on", "a.conf", "blacklist \\\n vfio_x\n", 1},
        {"an alias that goes on", "a.conf", "alias y \\\nvfio_x\n", 1},
        {"a first word that goes on", "a.conf", "black\\\nlist vfio_x\n", 1},
        {"a line that continues, after that of the name", "a.conf",
         "options vfio_x a=1\nblack\\\nlist vfio_\\\nx\n", 1},
        {"other lines that go on", "a.conf", "remove y \\\n  z\noptions vfio_x a=1\n", 0},
        {"a backslash that is no line's end", "a.conf", "options vfio_x a=\\1\n", 0},
        {"a backslash at the file's end", "a.conf", "options vfio_x a=\\", 0},
        {"a backslash that libkmod drops", "a.conf", "\\blacklist vfio_x\n", 1},
        {"one in the middle of the first word", "a.conf", "bla\\cklist vfio_x\n", 1},

        {"a hidden file", ".a.conf", "blacklist vfio_x\n", 0},
        {"only the ending", ".conf", "blacklist vfio_x\n", 0},
        {"only that of aliases", ".alias", "blacklist vfio_x\n", 0},
        {"a file of another kind", "a.conf.dpkg-old", "blacklist vfio_x\n", 0},
        {"a file without an ending", "conf", "blacklist vfio_x\n", 0},
        {"a back-up", "a.conf~", "blacklist vfio_x\n", 0},
        {"the ending without its dot", "aconf", "blacklist vfio_x\n", 0},
        {"a short name", "x", "blacklist vfio_x\n", 0},
};

START_TEST(modprobe_scan_is_found) {
        const __typeof__(*mention_rows) *row = &mention_rows[_i];
        struct temp_directory directory = temp_directory_new();
        const char *const directories[] = {directory.path, NULL};

        temp_file(&directory, row->file, row->text);
        assert_row(modprobe_scan_directories(directories, "vfio_x", file_text, NULL, NULL) ==
                           row->mentions,
                   row);
        fd_close(directory.fd);
}
END_TEST

/* The names in `install` lines, the last one first. */
static const struct {
        const char *why, *text, *names;
} install_rows[] = {
        {"none", "options x a=1\nblacklist x\n", ""},
        {"one", "install x /bin/false\n", "x;"},
        {"two", "install x /bin/false\ninstall y-z :\n", "y-z;x;"},
        {"without a newline at the end", "install x /bin/false", "x;"},
        {"blanks and tabs", " \tinstall\t x\t/bin/false\n", "x;"},
        {"a pattern", "install *_core /bin/false\n", "*_core;"},
        {"without a name", "install\n", ";"},
        {"a longer word", "installed x\ninstal x\n", ""},
        {"a comment", "# install x /bin/false\n", ""},
        {"within a line", "options install x\n", ""},
        {"a name that goes on", "install x\\\ny /bin/false\n", "*;"},
        {"a name in the next line", "install \\\nx /bin/false\n", "*;"},
        {"a first word that goes on", "inst\\\nall x /bin/false\n", "*;"},
        {"a command that goes on", "install x foo \\\n bar\n", "x;"},
        {"another line that goes on", "remove x foo \\\n bar\n", ""},
};

START_TEST(modprobe_scan_collects_installs) {
        const __typeof__(*install_rows) *row = &install_rows[_i];
        struct temp_directory directory = temp_directory_new();
        const char *const directories[] = {directory.path, NULL};
        const struct modprobe_install *installs = NULL;
        struct arena arena = {};
        char names[256] = "";

        temp_file(&directory, "a.conf", row->text);
        ck_assert_int_eq(
                modprobe_scan_directories(directories, "vfio_x", file_text, &arena, &installs), 0);
        for (; installs; installs = installs->next)
                (void)stpcpy(stpcpy(names + strlen(names), installs->name), ";");
        ck_assert_str_eq(names, row->names);
        arena_done(&arena);
        fd_close(directory.fd);
}
END_TEST

/* As above by the four characters that the helper looks for. */
START_TEST(modprobe_scan_by_part_of_name) {
        struct temp_directory directory = temp_directory_new();
        const char *const directories[] = {directory.path, NULL};

        temp_file(&directory, "a.conf", "blacklist mlx5_vfio_pci\n");
        ck_assert_int_eq(modprobe_scan_directories(directories, "vfio", file_text, NULL, NULL), 1);
        temp_file(&directory, "a.conf", "blacklist mlx5_core\n");
        ck_assert_int_eq(modprobe_scan_directories(directories, "vfio", file_text, NULL, NULL), 0);
        fd_close(directory.fd);
}
END_TEST

/* A.CONF is a link, or a directory. */
static const struct {
        const char *why, *target; /* NULL: a directory */
        int r;
} odd_rows[] = {
        {"masked by a link to /dev/null", "/dev/null", 0},
        {"a link to nowhere", "nothing", 0},
        {"a directory", NULL, 0},
        {"a link to a directory", ".", 0},
        {"a link to a file", "real", 1},
        {"a link to itself", "a.conf", -ELOOP},
};

START_TEST(mention_passes_over) {
        const __typeof__(*odd_rows) *row = &odd_rows[_i];
        struct temp_directory directory = temp_directory_new();
        const char *const directories[] = {directory.path, NULL};

        temp_file(&directory, "real", "blacklist vfio_x\n");
        ck_assert_int_eq(row->target ? symlinkat(row->target, directory.fd, "a.conf")
                                     : mkdirat(directory.fd, "a.conf", 0755),
                         0);
        assert_row(modprobe_scan_directories(directories, "vfio_x", file_text, NULL, NULL) ==
                           row->r,
                   row);
        fd_close(directory.fd);
}
END_TEST

START_TEST(mention_of_fifo) {
        struct temp_directory directory = temp_directory_new();
        const char *const directories[] = {directory.path, NULL};

        ck_assert_int_eq(mkfifoat(directory.fd, "a.conf", 0644), 0);
        ck_assert_int_eq(modprobe_scan_directories(directories, "vfio_x", file_text, NULL, NULL),
                         -ESPIPE);
        fd_close(directory.fd);
}
END_TEST

#define FILE_BYTES_MAX ((size_t)16 * 1024)

static const struct {
        const char *why;
        size_t size;
        int mentions;
} size_rows[] = {
        {"the longest file that is looked at", FILE_BYTES_MAX - 1, 0},
        {"of a longer one libkmod is asked", FILE_BYTES_MAX, 1},
        {"of a far longer one, too", 10 * FILE_BYTES_MAX, 1},
};

START_TEST(mention_in_long_file) {
        const __typeof__(*size_rows) *row = &size_rows[_i];
        static char text[10 * FILE_BYTES_MAX];
        struct temp_directory directory = temp_directory_new();
        const char *const directories[] = {directory.path, NULL};

        memset(text, '#', sizeof(text));
        temp_file_bytes(&directory, "a.conf", text, row->size);
        assert_row(modprobe_scan_directories(directories, "vfio_x", file_text, NULL, NULL) ==
                           row->mentions,
                   row);
        fd_close(directory.fd);
}
END_TEST

START_TEST(mention_in_several_directories) {
        struct temp_directory first = temp_directory_new(), second = temp_directory_new();
        char nothing[256], file[256];
        const char *const directories[] = {nothing, file, first.path, second.path, NULL};

        (void)stpcpy(stpcpy(nothing, first.path), "/nothing");
        (void)stpcpy(stpcpy(file, first.path), "/file");
        temp_file(&first, "file", "");
        temp_file(&first, "a.conf", "blacklist y\n");
        ck_assert_int_eq(modprobe_scan_directories(directories, "vfio_x", file_text, NULL, NULL),
                         0);
        temp_file(&second, "a.conf", "blacklist vfio_x\n");
        ck_assert_int_eq(modprobe_scan_directories(directories, "vfio_x", file_text, NULL, NULL),
                         1);
        ck_assert_int_eq(
                modprobe_scan_directories(directories + 4, "vfio_x", file_text, NULL, NULL), 0);
        fd_close(first.fd);
        fd_close(second.fd);
}
END_TEST

START_TEST(modprobe_scan_reports_errors) {
        struct temp_directory directory = temp_directory_new();
        char loop[256];
        const char *const directories[] = {loop, NULL};

        (void)stpcpy(stpcpy(loop, directory.path), "/loop");
        ck_assert_int_eq(symlinkat("loop", directory.fd, "loop"), 0);
        ck_assert_int_eq(modprobe_scan_directories(directories, "vfio_x", file_text, NULL, NULL),
                         -ELOOP);
        fd_close(directory.fd);
}
END_TEST

/* This host's own directories can be read, regardless of their content. */
START_TEST(mention_in_system_directories) {
        int n = 0;

        ck_assert_int_ge(modprobe_scan_directories(modprobe_system_directories, "vfio", file_text,
                                                   NULL, NULL),
                         0);
        while (modprobe_system_directories[n])
                n++;
        ck_assert_int_eq(n, 5);
}
END_TEST

static void add_mention(TCase *tcase) {
        tcase_add_loop_test(tcase, modprobe_scan_is_found, 0, N_ROWS(mention_rows));
        tcase_add_loop_test(tcase, modprobe_scan_collects_installs, 0, N_ROWS(install_rows));
        tcase_add_test(tcase, modprobe_scan_by_part_of_name);
        tcase_add_loop_test(tcase, mention_passes_over, 0, N_ROWS(odd_rows));
        tcase_add_test(tcase, mention_of_fifo);
        tcase_add_loop_test(tcase, mention_in_long_file, 0, N_ROWS(size_rows));
        tcase_add_test(tcase, mention_in_several_directories);
        tcase_add_test(tcase, modprobe_scan_reports_errors);
        tcase_add_test(tcase, mention_in_system_directories);
}

int main(void) {
        static const struct unit_case cases[] = {
                {"mention", add_mention},
                {},
        };

        return unit_run("modprobe-scan", cases);
}
