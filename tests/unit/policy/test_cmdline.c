/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/policy: the kernel command line. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "cmdline.h"
#include "fd.h"
#include "unit.h"

static struct cmdline cmdline_of(const char *text) {
        return (struct cmdline){
                .text = text,
                .length = strlen(text),
                .blacklists = strstr(text, "blacklist="),
        };
}

static const struct {
        const char *why, *text;
        bool refuses, mentions; /* m_x */
} cmdline_rows[] = {
        {"nothing", "", false, false},
        {"an ordinary one", "BOOT_IMAGE=/vmlinuz root=/dev/sda1 ro quiet\n", false, false},
        {"the kernel's own list", "module_blacklist=m_x", true, false},
        {"with a newline after it", "quiet module_blacklist=m_x\n", true, false},
        {"of several, the first", "module_blacklist=m_x,n,o quiet", true, false},
        {"of several, one in the middle", "module_blacklist=n,m_x,o", true, false},
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

#define INTEL "GenuineIntel"
#define AMD   "AuthenticAMD"

static const struct {
        const char *why, *processor, *text, *word; /* NULL: none */
} iommu_rows[] = {
        {"nothing", "", "", NULL},
        {"on", "", "intel_iommu=on iommu=pt", NULL},
        {"Intel's", "", "ro intel_iommu=off quiet", "intel_iommu=off"},
        {"AMD's", "", "amd_iommu=off\n", "amd_iommu=off"},
        {"any", "", "iommu=off", "iommu=off"},
        {"one of a list", "", "iommu=pt,off", "iommu=off"},
        {"first of a list", "", "iommu=off,pt", "iommu=off"},
        {"in quotes", "", "iommu=\"pt,off\"", "iommu=off"},
        {"with a hyphen", "", "intel-iommu=off", "intel_iommu=off"},
        {"a list without it", "", "intel_iommu=igfx_off,sm_on", NULL},
        {"Intel's, undone", "", "intel_iommu=off intel_iommu=on", NULL},
        {"Intel's, undone in its list", "", "intel_iommu=off,on", NULL},
        {"Intel's, not undone by another value", "", "intel_iommu=off intel_iommu=sm_on",
         "intel_iommu=off"},
        {"Intel's, after all", "", "intel_iommu=on intel_iommu=off", "intel_iommu=off"},
        {"AMD's has no on", "", "amd_iommu=off amd_iommu=on", "amd_iommu=off"},
        {"any, not undone by Intel's", "", "iommu=off intel_iommu=on", "iommu=off"},
        {"two", "", "iommu=off intel_iommu=off", "intel_iommu=off"},
        {"another's", "", "my_iommu=off xiommu=off", NULL},
        {"a longer value", "", "iommu=offline", "iommu=off"},
        {"a shorter value", "", "iommu=of", NULL},
        {"no value", "", "iommu intel_iommu=", NULL},
        {"init's", "", "ro -- iommu=off", NULL},
        {"two hyphens before a name", "", "--iommu=x iommu=off", "iommu=off"},
        {"Intel's on Intel", INTEL, "intel_iommu=off", "intel_iommu=off"},
        {"AMD's on Intel", INTEL, "amd_iommu=off", NULL},
        {"Intel's on AMD", AMD, "intel_iommu=off", NULL},
        {"AMD's on AMD", AMD, "amd_iommu=off", "amd_iommu=off"},
        {"any on AMD", AMD, "amd_iommu=fullflush iommu=off", "iommu=off"},
        {"Intel's on Arm", "Arm", "intel_iommu=off amd_iommu=off", NULL},
};

START_TEST(cmdline_has_iommu) {
        const __typeof__(*iommu_rows) *row = &iommu_rows[_i];
        struct cmdline cmdline = cmdline_of(row->text);
        char word[CMDLINE_PARAMETER_SIZE] = "untouched";

        assert_row(cmdline_disables_iommu(&cmdline, row->processor, word) == (row->word != NULL),
                   row);
        assert_row(strcmp(word, row->word ? row->word : "untouched") == 0, row);
}
END_TEST

static const struct {
        const char *why, *text;
        bool is_off;
} off_rows[] = {
        {"nothing", "ro quiet", false},
        {"off", "ro vfio_variant=off quiet\n", true},
        {"with a hyphen", "vfio-variant=off", true},
        {"in quotes", "vfio_variant=\"off\"", true},
        {"after a tab", "quiet\tvfio_variant=off", true},
        {"without a value", "vfio_variant", false},
        {"another value", "vfio_variant=offline", false},
        {"a longer name", "my_vfio_variant=off vfio_variant_x=off", false},
        {"the last one counts, as for udev", "vfio_variant=off vfio_variant=on", false},
        {"the last one is off", "vfio_variant=on vfio_variant=off", true},
        {"init's, which udev and systemd read as well", "quiet -- vfio_variant=off", true},
        {"another one of init's", "vfio_variant=off -- single", true},
};

START_TEST(cmdline_disables_us) {
        const __typeof__(*off_rows) *row = &off_rows[_i];
        struct cmdline cmdline = cmdline_of(row->text);

        assert_row(cmdline_is_off(&cmdline) == row->is_off, row);
}
END_TEST

/* This machine's: as /proc has it. */
START_TEST(cmdline_is_read) {
        struct cmdline cmdline;
        int fd = fd_open_file(AT_FDCWD, "/proc/cmdline");
        char text[CMDLINE_SIZE], buffer[CMDLINE_SIZE];
        ssize_t n = read(fd, text, sizeof(text));

        fd_close(fd);
        memset(buffer, '#', sizeof(buffer));
        ck_assert_int_eq(cmdline_read(buffer, &cmdline), 0);
        ck_assert_ptr_eq(cmdline.text, buffer);
        ck_assert_uint_eq(cmdline.length, (size_t)n);
        ck_assert_int_eq(memcmp(cmdline.text, text, (size_t)n), 0);
        ck_assert_int_eq(cmdline.text[n], '\0');
        ck_assert_int_eq(cmdline.blacklists, strstr(cmdline.text, "blacklist=") != NULL);
}
END_TEST

START_TEST(cmdline_reports_errors) {
        struct rlimit limits = no_descriptors_left();
        char buffer[CMDLINE_SIZE];
        struct cmdline cmdline;
        int r = cmdline_read(buffer, &cmdline);

        ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limits), 0);
        ck_assert_int_eq(r, -EMFILE);
}
END_TEST

static void add_cmdline(TCase *tcase) {
        tcase_add_loop_test(tcase, cmdline_has_lists, 0, N_ROWS(cmdline_rows));
        tcase_add_loop_test(tcase, cmdline_has_iommu, 0, N_ROWS(iommu_rows));
        tcase_add_loop_test(tcase, cmdline_disables_us, 0, N_ROWS(off_rows));
        tcase_add_test(tcase, cmdline_is_read);
        tcase_add_test(tcase, cmdline_reports_errors);
}

int main(void) {
        static const struct unit_case cases[] = {
                {"cmdline", add_cmdline},
                {},
        };

        return unit_run("cmdline", cases);
}
