/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/policy: kernel command line, modprobe.d, and what libkmod makes of it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "alias.h"
#include "cmdline.h"
#include "fd.h"
#include "mention.h"
#include "modprobe_config.h"
#include "policy.h"
#include "text.h"
#include "unit.h"

/* --- cmdline.h --- */

static struct cmdline cmdline_of(const char *text) {
        struct cmdline cmdline;

        (void)stpcpy(cmdline.text, text);
        cmdline.length = strlen(text);
        cmdline.blacklists = strstr(text, "blacklist=");
        return cmdline;
}

static const struct {
        const char *why, *text;
        bool refuses, mentions; /* m_x */
} cmdline_rows[] = {
        {"nothing", "", false, false},
        {"an ordinary one", "BOOT_IMAGE=/vmlinuz root=/dev/sda1 ro quiet\n", false, false},
        {"the kernel's own list", "module_blacklist=m_x", true, false},
        {"with a newline behind it", "quiet module_blacklist=m_x\n", true, false},
        {"of several, the first", "module_blacklist=m_x,n,o quiet", true, false},
        {"of several, one amid", "module_blacklist=n,m_x,o", true, false},
        {"of several, the last", "module_blacklist=n,o,m_x", true, false},
        {"in quotes", "module_blacklist=\"n,m_x\" quiet", true, false},
        {"a list that ends in a comma", "module_blacklist=m_x,", true, false},
        {"an empty list", "module_blacklist= m_x", false, false},
        {"a list of commas", "module_blacklist=,,,", false, false},
        {"a longer name", "module_blacklist=m_xy,xm_x", false, false},
        {"the begin of it", "module_blacklist=m_,m", false, false},
        {"the kernel compares by byte: '-' is not '_'", "module_blacklist=m-x", false, false},
        {"the last one counts, and has it", "module_blacklist=n module_blacklist=m_x", true, false},
        {"the last one counts, and has it not", "module_blacklist=m_x module_blacklist=n", false,
         false},
        {"a tab between", "quiet\tmodule_blacklist=m_x\tro", true, false},
        {"another parameter that ends so", "my_module_blacklist=m_x", false, false},
        {"another list", "initcall_blacklist=m_x", false, false},
        {"without a list", "module_blacklist m_x", false, false},
        {"modprobe's list", "modprobe.blacklist=m_x", false, true},
        {"modprobe's list, of several", "ro modprobe.blacklist=n,m_x quiet", false, true},
        {"modprobe's list with '-'", "modprobe.blacklist=m-x", false, true},
        {"modprobe's list of others", "modprobe.blacklist=n,o", false, false},
        {"where in doubt, yes", "modprobe.blacklist=n m_x.debug=1", false, true},
        {"only a parameter of it", "m_x.debug=1", false, false},
        {"both lists", "modprobe.blacklist=n module_blacklist=m_x", true, true},
};

START_TEST(cmdline_has_lists) {
        const __typeof__(*cmdline_rows) *row = &cmdline_rows[_i];
        struct cmdline cmdline = cmdline_of(row->text);

        assert_row(cmdline_refuses_module(&cmdline, "m_x") == row->refuses, row);
        assert_row(cmdline_mentions(&cmdline, "m_x") == row->mentions, row);
}
END_TEST

static const struct {
        const char *why, *text, *word; /* NULL: none */
} iommu_rows[] = {
        {"nothing", "", NULL},
        {"on", "intel_iommu=on iommu=pt", NULL},
        {"Intel's", "ro intel_iommu=off quiet", "intel_iommu=off"},
        {"AMD's", "amd_iommu=off\n", "amd_iommu=off"},
        {"any", "iommu=off", "iommu=off"},
        {"one of a list", "iommu=pt,off", "iommu=off"},
        {"a list without it", "intel_iommu=igfx_off,sm_on", NULL},
        {"Intel's, undone", "intel_iommu=off intel_iommu=on", NULL},
        {"Intel's, after all", "intel_iommu=on intel_iommu=off", "intel_iommu=off"},
        {"two", "iommu=off intel_iommu=off", "intel_iommu=off"},
        {"another's", "my_iommu=off xiommu=off", NULL},
        {"a longer value", "iommu=offline", NULL},
};

START_TEST(cmdline_has_iommu) {
        const __typeof__(*iommu_rows) *row = &iommu_rows[_i];
        struct cmdline cmdline = cmdline_of(row->text);
        char word[CMDLINE_WORD_SIZE] = "untouched";

        assert_row(cmdline_switches_iommu_off(&cmdline, word) == (row->word != NULL), row);
        assert_row(strcmp(word, row->word ? row->word : "untouched") == 0, row);
}
END_TEST

/* This machine's: as /proc has it. */
START_TEST(cmdline_is_read) {
        struct cmdline cmdline;
        int fd = fd_open_file(AT_FDCWD, "/proc/cmdline");
        char text[CMDLINE_SIZE];
        ssize_t n = read(fd, text, sizeof(text));

        fd_close(fd);
        memset(&cmdline, '#', sizeof(cmdline));
        ck_assert_int_eq(cmdline_read(&cmdline), 0);
        ck_assert_uint_eq(cmdline.length, (size_t)n);
        ck_assert_int_eq(memcmp(cmdline.text, text, (size_t)n), 0);
        ck_assert_int_eq(cmdline.text[n], '\0');
        ck_assert_int_eq(cmdline.blacklists, strstr(cmdline.text, "blacklist=") != NULL);
}
END_TEST

/* Leaves no descriptor free while it is there. Returns what to give back. */
static struct rlimit no_descriptors(void) {
        struct rlimit limits, none;

        ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limits), 0);
        none = (struct rlimit){0, limits.rlim_max};
        ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
        return limits;
}

START_TEST(cmdline_tells_errors) {
        struct rlimit limits = no_descriptors();
        struct cmdline cmdline;
        int r = cmdline_read(&cmdline);

        ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limits), 0);
        ck_assert_int_eq(r, -EMFILE);
}
END_TEST

static void add_cmdline(TCase *tcase) {
        tcase_add_loop_test(tcase, cmdline_has_lists, 0, N_ROWS(cmdline_rows));
        tcase_add_loop_test(tcase, cmdline_has_iommu, 0, N_ROWS(iommu_rows));
        tcase_add_test(tcase, cmdline_is_read);
        tcase_add_test(tcase, cmdline_tells_errors);
}

/* --- mention.h --- */

static const struct {
        const char *why, *file, *text;
        int mentions; /* vfio_x */
} mention_rows[] = {
        {"an alias", "a.conf", "alias vfio_x:* m\n", 1},
        {"an alias for it", "a.conf", "alias y vfio_x\n", 1},
        {"a blacklist", "a.conf", "blacklist vfio_x\n", 1},
        {"a file of aliases", "a.alias", "alias y vfio_x\n", 1},
        {"spelled with '-'", "a.conf", "blacklist vfio-x\n", 1},
        {"without a newline behind it", "a.conf", "blacklist vfio_x", 1},
        {"blanks before it", "a.conf", " \t blacklist\tvfio_x\n", 1},
        {"behind other lines", "a.conf", "# x\n\noptions x y=1\nblacklist vfio_x\n", 1},
        {"behind a line with the name that tells nothing", "a.conf",
         "options vfio_x a=1\nblacklist vfio_x\n", 1},
        {"a longer name: in doubt, yes", "a.conf", "blacklist vfio_xyz\n", 1},

        {"options", "a.conf", "options vfio_x ids=1234:5678\n", 0},
        {"a soft dependency", "a.conf", "softdep drm pre: vfio_x\n", 0},
        {"a weak dependency", "a.conf", "weakdep drm vfio_x\n", 0},
        {"an install line", "a.conf", "install vfio_x /bin/true\n", 0},
        {"a remove line", "a.conf", "remove vfio_x /bin/true\n", 0},
        {"a comment", "a.conf", "# blacklist vfio_x\n#alias vfio_x m\n", 0},
        {"others", "a.conf", "blacklist nouveau\nalias y z\n", 0},
        {"in the line behind a blacklist", "a.conf", "blacklist nouveau\noptions vfio_x a=1\n", 0},
        {"nothing", "a.conf", "", 0},

        {"a line that goes on", "a.conf", "blacklist \\\n vfio_x\n", 1},
        {"an alias that goes on", "a.conf", "alias y \\\nvfio_x\n", 1},
        {"a first word that goes on", "a.conf", "black\\\nlist vfio_x\n", 1},
        {"a line that goes on, behind the name's", "a.conf",
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

START_TEST(mention_is_found) {
        const __typeof__(*mention_rows) *row = &mention_rows[_i];
        struct temp_folder folder = temp_folder_new();
        const char *const folders[] = {folder.path, NULL};

        temp_file(&folder, row->file, row->text);
        assert_row(mention_in_folders(folders, "vfio_x") == row->mentions, row);
        fd_close(folder.fd);
}
END_TEST

/* As above by the four letters that the helper looks for. */
START_TEST(mention_by_part_of_name) {
        struct temp_folder folder = temp_folder_new();
        const char *const folders[] = {folder.path, NULL};

        temp_file(&folder, "a.conf", "blacklist mlx5_vfio_pci\n");
        ck_assert_int_eq(mention_in_folders(folders, "vfio"), 1);
        temp_file(&folder, "a.conf", "blacklist mlx5_core\n");
        ck_assert_int_eq(mention_in_folders(folders, "vfio"), 0);
        fd_close(folder.fd);
}
END_TEST

/* What is no file of its own: A.CONF is a link, or a folder. */
static const struct {
        const char *why, *target; /* NULL: a folder */
        int r;
} odd_rows[] = {
        {"masked by a link to /dev/null", "/dev/null", 0},
        {"a link to nowhere", "nothing", 0},
        {"a folder", NULL, 0},
        {"a link to a folder", ".", 0},
        {"a link to a file", "real", 1},
        {"a link to itself", "a.conf", -ELOOP},
};

START_TEST(mention_passes_over) {
        const __typeof__(*odd_rows) *row = &odd_rows[_i];
        struct temp_folder folder = temp_folder_new();
        const char *const folders[] = {folder.path, NULL};

        temp_file(&folder, "real", "blacklist vfio_x\n");
        ck_assert_int_eq(row->target ? symlinkat(row->target, folder.fd, "a.conf")
                                     : mkdirat(folder.fd, "a.conf", 0755),
                         0);
        assert_row(mention_in_folders(folders, "vfio_x") == row->r, row);
        fd_close(folder.fd);
}
END_TEST

START_TEST(mention_of_fifo) {
        struct temp_folder folder = temp_folder_new();
        const char *const folders[] = {folder.path, NULL};

        ck_assert_int_eq(mkfifoat(folder.fd, "a.conf", 0644), 0);
        ck_assert_int_eq(mention_in_folders(folders, "vfio_x"), -ESPIPE);
        fd_close(folder.fd);
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
        struct temp_folder folder = temp_folder_new();
        const char *const folders[] = {folder.path, NULL};

        memset(text, '#', sizeof(text));
        temp_file_bytes(&folder, "a.conf", text, row->size);
        assert_row(mention_in_folders(folders, "vfio_x") == row->mentions, row);
        fd_close(folder.fd);
}
END_TEST

START_TEST(mention_in_several_folders) {
        struct temp_folder first = temp_folder_new(), second = temp_folder_new();
        char nothing[256], file[256];
        const char *const folders[] = {nothing, file, first.path, second.path, NULL};

        (void)stpcpy(stpcpy(nothing, first.path), "/nothing");
        (void)stpcpy(stpcpy(file, first.path), "/file");
        temp_file(&first, "file", "");
        temp_file(&first, "a.conf", "blacklist y\n");
        ck_assert_int_eq(mention_in_folders(folders, "vfio_x"), 0);
        temp_file(&second, "a.conf", "blacklist vfio_x\n");
        ck_assert_int_eq(mention_in_folders(folders, "vfio_x"), 1);
        ck_assert_int_eq(mention_in_folders(folders + 4, "vfio_x"), 0);
        fd_close(first.fd);
        fd_close(second.fd);
}
END_TEST

START_TEST(mention_tells_errors) {
        struct temp_folder folder = temp_folder_new();
        char loop[256];
        const char *const folders[] = {loop, NULL};

        (void)stpcpy(stpcpy(loop, folder.path), "/loop");
        ck_assert_int_eq(symlinkat("loop", folder.fd, "loop"), 0);
        ck_assert_int_eq(mention_in_folders(folders, "vfio_x"), -ELOOP);
        fd_close(folder.fd);
}
END_TEST

/* This host's own folders can be read, whatever they say. */
START_TEST(mention_in_system_folders) {
        int n = 0;

        ck_assert_int_ge(mention_in_folders(mention_system_folders, "vfio"), 0);
        while (mention_system_folders[n])
                n++;
        ck_assert_int_eq(n, 5);
}
END_TEST

static void add_mention(TCase *tcase) {
        tcase_add_loop_test(tcase, mention_is_found, 0, N_ROWS(mention_rows));
        tcase_add_test(tcase, mention_by_part_of_name);
        tcase_add_loop_test(tcase, mention_passes_over, 0, N_ROWS(odd_rows));
        tcase_add_test(tcase, mention_of_fifo);
        tcase_add_loop_test(tcase, mention_in_long_file, 0, N_ROWS(size_rows));
        tcase_add_test(tcase, mention_in_several_folders);
        tcase_add_test(tcase, mention_tells_errors);
        tcase_add_test(tcase, mention_in_system_folders);
}

/* --- modprobe_config.h --- */

START_TEST(config_without_libkmod) {
        struct temp_folder folder = temp_folder_new();
        const char *const folders[] = {folder.path, NULL};
        struct modprobe_config *config = NULL;
        struct arena arena = {};
        struct rlimit limits = no_descriptors();
        int r = modprobe_config_open(folders, &arena, &config);

        ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limits), 0);
        ck_assert_int_eq(r, -EOPNOTSUPP);
        ck_assert_ptr_null(config);
        arena_done(&arena);
        fd_close(folder.fd);
}
END_TEST

START_TEST(config_without_memory) {
        struct temp_folder folder = temp_folder_new();
        const char *const folders[] = {folder.path, NULL};
        struct modprobe_config *config = NULL;
        struct arena arena = {};
        int r;

        memory_is_short();
        r = modprobe_config_open(folders, &arena, &config);
        memory_is_back();
        ck_assert_int_eq(r, -ENOMEM);
        ck_assert_ptr_null(config);
        modprobe_config_close(NULL);
        fd_close(folder.fd);
}
END_TEST

#define CONFIG                                                                                     \
        "blacklist bl-module\n"                                                                    \
        "alias vfio_p:a* by_admin\n"                                                               \
        "alias other:* other_module\n"                                                             \
        "options optional a=1\n"                                                                   \
        "install installed /bin/true\n"

static void open_config(const struct temp_folder *folder, struct arena *arena,
                        struct modprobe_config **ret) {
        const char *const folders[] = {folder->path, NULL};

        temp_file(folder, "a.conf", CONFIG);
        ck_assert_int_eq(modprobe_config_open(folders, arena, ret), 0);
}

static const struct {
        const char *why, *module;
        int blacklisted;
} config_rows[] = {
        {"spelled with '_'", "bl_module", 1},
        {"spelled as it is written", "bl-module", 1},
        {"another", "by_admin", 0},
        {"a longer name", "bl_module2", 0},
        {"the begin of it", "bl_mod", 0},
        {"options are no blacklist", "optional", 0},
        {"nor is an install line", "installed", 0},
};

START_TEST(config_has_blacklist) {
        const __typeof__(*config_rows) *row = &config_rows[_i];
        struct temp_folder folder = temp_folder_new();
        struct modprobe_config *config;
        struct arena arena = {};

        open_config(&folder, &arena, &config);
        assert_row(modprobe_config_blacklists(config, row->module) == row->blacklisted, row);
        modprobe_config_close(config);
        arena_done(&arena);
        fd_close(folder.fd);
}
END_TEST

struct gathered {
        char text[256];
        int n, stop_at, r;
};

static int gather(const char *alias, const char *module, void *userdata) {
        struct gathered *gathered = userdata;
        size_t n = strlen(gathered->text);

        (void)snprintf(gathered->text + n, sizeof(gathered->text) - n, "%s %s;", alias, module);
        return ++gathered->n == gathered->stop_at ? gathered->r : 0;
}

START_TEST(config_has_aliases) {
        struct temp_folder folder = temp_folder_new();
        struct gathered all = {}, one = {.stop_at = 1, .r = 7}, error = {.stop_at = 1, .r = -EXDEV};
        struct modprobe_config *config;
        struct arena arena = {};

        open_config(&folder, &arena, &config);
        ck_assert_int_eq(modprobe_config_each_alias(config, gather, &all), 0);
        ck_assert_int_eq(all.n, 2);
        ck_assert_ptr_nonnull(strstr(all.text, "vfio_p:a* by_admin;"));
        ck_assert_ptr_nonnull(strstr(all.text, "other:* other_module;"));
        ck_assert_int_eq(modprobe_config_each_alias(config, gather, &one), 7);
        ck_assert_int_eq(modprobe_config_each_alias(config, gather, &error), -EXDEV);
        ck_assert_int_eq(one.n + error.n, 2);
        modprobe_config_close(config);
        arena_done(&arena);
        fd_close(folder.fd);
}
END_TEST

static void add_config(TCase *tcase) {
        tcase_add_test(tcase, config_without_memory);
        tcase_add_loop_test(tcase, config_has_blacklist, 0, N_ROWS(config_rows));
        tcase_add_test(tcase, config_has_aliases);
}

/* --- policy.h --- */

/* A policy over one file. */
struct opened {
        struct temp_folder folder;
        const char *folders[2];
        struct arena arena;
        struct policy *policy;
};

static void open_policy(const char *text, struct opened *ret) {
        memset(ret, 0, sizeof(*ret));
        ret->folder = temp_folder_new();
        ret->folders[0] = ret->folder.path;
        temp_file(&ret->folder, "a.conf", text);
        ck_assert_int_eq(policy_open(ret->folders, &ret->arena, &ret->policy), 0);
}

static void close_policy(struct opened *opened) {
        policy_close(opened->policy);
        arena_done(&opened->arena);
        fd_close(opened->folder.fd);
}

static const struct {
        const char *why, *text, *module;
        int blacklisted;
} blacklist_rows[] = {
        {"nothing", "", "x_vfio_unit", 0},
        {"a variant", "blacklist x_vfio_unit\n", "x_vfio_unit", 1},
        {"a variant spelled with '-'", "blacklist x-vfio-unit\n", "x_vfio_unit", 1},
        {"another variant", "blacklist y_vfio_unit\n", "x_vfio_unit", 0},
        {"a longer name", "blacklist x_vfio_unit2\n", "x_vfio_unit", 0},
        {"a module without vfio in its name", "blacklist odd_unit\n", "odd_unit", 1},
        {"another module without", "blacklist odd_unit\n", "even_unit", 0},
        {"a module without, beside one with it", "blacklist odd_unit\nblacklist vfio_unit\n",
         "odd_unit", 1},
        {"options", "options x_vfio_unit a=1\n", "x_vfio_unit", 0},
        {"an install line", "install x_vfio_unit /bin/false\n", "x_vfio_unit", 0},
        {"a soft dependency", "softdep x_vfio_unit pre: y\n", "x_vfio_unit", 0},
        {"a comment", "# blacklist x_vfio_unit\n", "x_vfio_unit", 0},
        {"a line that goes on", "blacklist \\\nx_vfio_unit\n", "x_vfio_unit", 1},
        {"an alias", "alias vfio_p:* x_vfio_unit\n", "x_vfio_unit", 0},
};

START_TEST(policy_has_blacklist) {
        const __typeof__(*blacklist_rows) *row = &blacklist_rows[_i];
        struct opened opened;

        open_policy(row->text, &opened);
        assert_row(!policy_refuses(opened.policy, row->module), row);
        for (int round = 0; round < 2; round++)
                assert_row(policy_blacklists(opened.policy, row->module) == row->blacklisted, row);
        close_policy(&opened);
}
END_TEST

/* Whatever was asked before. */
START_TEST(policy_answers_in_any_order) {
        struct opened opened;

        open_policy("blacklist odd_unit\n", &opened);
        ck_assert_int_eq(policy_blacklists(opened.policy, "x_vfio_unit"), 0);
        ck_assert_int_eq(policy_blacklists(opened.policy, "odd_unit"), 1);
        ck_assert_int_eq(policy_blacklists(opened.policy, "even_unit"), 0);
        ck_assert_int_eq(policy_blacklists(opened.policy, "x_vfio_unit"), 0);
        close_policy(&opened);
}
END_TEST

static const struct {
        const char *why, *text, *found; /* for p:a-b */
} lookup_rows[] = {
        {"an alias", "alias vfio_p:a* m\n", "vfio_p:a* m;"},
        {"spelled with '-', as in the index", "alias vfio-p:a-b m\n", "vfio_p:a_b m;"},
        {"two", "alias vfio_p:a* m\nalias vfio_p:* n\n", "vfio_p:a* m;vfio_p:* n;"},
        {"an alias of another device", "alias vfio_p:b* m\n", ""},
        {"an alias of another bus", "alias vfio_q:* m\n", ""},
        {"an alias of the native driver", "alias p:a* vfio_m\n", ""},
        {"an alias that would match anything", "alias * vfio_m\nalias ?fio_p:* vfio_m\n", ""},
        {"a name for a module", "alias vfio vfio_m\n", ""},
        {"a module that can't be", "alias vfio_p:a* ../m\n", ""},
        {"an alias of odd letters", "alias vfio_p:a\x80* m\n", ""},
        {"a blacklist", "blacklist vfio_p\n", ""},
        {"nothing", "", ""},
};

START_TEST(policy_finds_aliases) {
        const __typeof__(*lookup_rows) *row = &lookup_rows[_i];
        struct gathered found = {};
        struct modalias key;
        struct opened opened;

        ck_assert_int_eq(modalias_parse("p:a-b", &key), 0);
        open_policy(row->text, &opened);
        assert_row(policy_lookup(opened.policy, &key, gather, &found) == 0, row);
        /* libkmod has them in an order of its own */
        assert_row(strlen(found.text) == strlen(row->found), row);
        for (const char *one = row->found; *one; one = strchr(one, ';') + 1) {
                char line[64] = "";

                (void)strncat(line, one, (size_t)(strchr(one, ';') + 1 - one));
                assert_row(strstr(found.text, line), row);
        }
        close_policy(&opened);
}
END_TEST

START_TEST(policy_bounds_alias) {
        char text[2 * ALIAS_SIZE];
        struct modalias key;

        ck_assert_int_eq(modalias_parse("p:a", &key), 0);
        for (size_t n = ALIAS_SIZE - 1; n <= ALIAS_SIZE; n++) {
                struct gathered found = {};
                struct opened opened;

                memset(text, '*', sizeof(text));
                text_copy(text, "alias vfio_p:", strlen("alias vfio_p:"));
                (void)stpcpy(text + strlen("alias ") + n, " m\n");
                open_policy(text, &opened);
                ck_assert_int_eq(policy_lookup(opened.policy, &key, gather, &found), 0);
                ck_assert_int_eq(found.n, n < ALIAS_SIZE);
                close_policy(&opened);
        }
}
END_TEST

START_TEST(policy_tells_errors) {
        struct gathered found = {.stop_at = 1, .r = -EXDEV};
        struct modalias key;
        struct opened opened;

        ck_assert_int_eq(modalias_parse("p:a", &key), 0);
        open_policy("alias vfio_p:a m\n", &opened);
        ck_assert_int_eq(policy_lookup(opened.policy, &key, gather, &found), -EXDEV);
        close_policy(&opened);
        open_policy("", &opened);
        ck_assert_int_eq(symlinkat("b.conf", opened.folder.fd, "b.conf"), 0);
        ck_assert_int_eq(policy_lookup(opened.policy, &key, gather, &found), -ELOOP);
        ck_assert_int_eq(policy_blacklists(opened.policy, "x_vfio_unit"), -ELOOP);
        ck_assert_int_eq(policy_blacklists(opened.policy, "odd_unit"), -ELOOP);
        close_policy(&opened);
}
END_TEST

START_TEST(policy_open_tells_errors) {
        struct policy *policy = NULL;
        struct arena arena = {};
        struct rlimit limits;
        int r;

        memory_is_short();
        r = policy_open(NULL, &arena, &policy);
        memory_is_back();
        ck_assert_int_eq(r, -ENOMEM);
        limits = no_descriptors();
        r = policy_open(NULL, &arena, &policy);
        ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limits), 0);
        ck_assert_int_eq(r, -EMFILE);
        ck_assert_ptr_null(policy);
        policy_close(NULL);
        arena_done(&arena);
}
END_TEST

#ifndef __SANITIZE_ADDRESS__
/* What is said needs libkmod, and that can't be loaded. (A sanitizer would need memory as well.) */
START_TEST(policy_without_libkmod) {
        struct opened opened;
        int r;

        open_policy("blacklist x_vfio_unit\n", &opened);
        memory_is_short();
        r = policy_blacklists(opened.policy, "x_vfio_unit");
        memory_is_back();
        ck_assert_int_eq(r, -EOPNOTSUPP);
        close_policy(&opened);
}
END_TEST
#endif

START_TEST(policy_of_this_host) {
        struct policy *policy;
        struct arena arena = {};

        ck_assert_int_eq(policy_open(NULL, &arena, &policy), 0);
        ck_assert_int_eq(policy_blacklists(policy, "x_vfio_unit"), 0);
        policy_close(policy);
        arena_done(&arena);
}
END_TEST

/* Comes first, before anything has loaded libkmod in this process. */
static void add_without_libkmod(TCase *tcase) {
        tcase_add_test(tcase, config_without_libkmod);
#ifndef __SANITIZE_ADDRESS__
        tcase_add_test(tcase, policy_without_libkmod);
#endif
}

static void add_policy(TCase *tcase) {
        tcase_add_loop_test(tcase, policy_has_blacklist, 0, N_ROWS(blacklist_rows));
        tcase_add_test(tcase, policy_answers_in_any_order);
        tcase_add_loop_test(tcase, policy_finds_aliases, 0, N_ROWS(lookup_rows));
        tcase_add_test(tcase, policy_bounds_alias);
        tcase_add_test(tcase, policy_tells_errors);
        tcase_add_test(tcase, policy_open_tells_errors);
        tcase_add_test(tcase, policy_of_this_host);
}

int main(void) {
        static const struct unit_case cases[] = {
                {"without libkmod", add_without_libkmod},
                {"modprobe_config", add_config},
                {"cmdline", add_cmdline},
                {"mention", add_mention},
                {"policy", add_policy},
                {},
        };

        return unit_run("policy", cases);
}
