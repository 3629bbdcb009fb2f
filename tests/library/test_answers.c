/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the library: the choice, where it is from, and the candidates for it. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <syslog.h>
#include <unistd.h>

#include "scene.h"

#define CHOICE_TEXT                                                                                \
        "VFIO_VARIANT_DRIVER=some_vfio_pci\nVFIO_VARIANT_MODULE=some_module\n"                     \
        "VFIO_VARIANT_ALIAS=vfio_pci:v0*\nVFIO_VARIANT_FALLBACK=vfio-pci\n"

static struct vfio_variant *context;
static struct vfio_variant_device *device;
static char log_text[4096];

static void note(int priority, const char *message, void *userdata) {
        ck_assert_int_eq(priority, LOG_WARNING);
        ck_assert_ptr_eq(userdata, &context);
        ck_assert_ptr_null(strchr(message, '\n'));
        (void)snprintf(log_text + strlen(log_text), sizeof(log_text) - strlen(log_text), "%s\n",
                       message);
}

static void begin(void) {
        scene_enter();
        context = scene_context();
        vfio_variant_set_log(context, note, &context);
}

static void end(void) {
        (void)vfio_variant_device_unref(device);
        (void)vfio_variant_unref(context);
}

static void assert_choice(const char *driver, const char *module, const char *alias,
                          const char *fallback, enum vfio_variant_origin origin) {
        ck_assert_str_eq(said(vfio_variant_device_get_variant_driver(device)), driver);
        ck_assert_str_eq(said(vfio_variant_device_get_variant_module(device)), module);
        ck_assert_str_eq(said(vfio_variant_device_get_variant_alias(device)), alias);
        ck_assert_str_eq(said(vfio_variant_device_get_fallback_driver(device)), fallback);
        ck_assert_int_eq(vfio_variant_device_get_variant_origin(device), (int)origin);
}

#define LOOKED_UP                                                                                  \
        "nic_vfio_pci", "nic_vfio_pci", "vfio_pci:v00008086d000010D3sv*sd*bc*sc*i*",               \
                "intel_vfio_pci", VFIO_VARIANT_ORIGIN_LOOKUP

START_TEST(from_the_database) {
        begin();
        scene_database(DEVICE, CHOICE_TEXT);
        device = scene_open(context, DEVICE);
        assert_choice("some_vfio_pci", "some_module", "vfio_pci:v0*", "vfio-pci",
                      VFIO_VARIANT_ORIGIN_DATABASE);
        ck_assert_str_eq(log_text, "");
        end();
}
END_TEST

START_TEST(built_in_in_the_database) {
        begin();
        scene_database(DEVICE, "VFIO_VARIANT_DRIVER=vfio-pci\n");
        device = scene_open(context, DEVICE);
        assert_choice("vfio-pci", "-ENODATA", "-ENODATA", "-ENODATA", VFIO_VARIANT_ORIGIN_DATABASE);
        end();
}
END_TEST

static const char *const silent_databases[] = {
        NULL,                              /* none of this device */
        "",                                /* it has no property */
        "VFIO_VARIANT_MODULE=vfio_pci\n",  /* nor the one that counts */
        "VFIO_VARIANT_DRIVER=../escape\n", /* nor a value that it can have */
        "VFIO_VARIANT_DRIVER=two words\n",
        "VFIO_VARIANT_DRIVER=$env{X}\n",
        "VFIO_VARIANT_DRIVER=\xff\xfe\n",
        "VFIO_VARIANT_DRIVER=a\x1b[2J\n",
        "VFIO_VARIANT_DRIVER=a-name-that-is-longer-than-any-that-a-driver-can-have-in-linux\n",
};

START_TEST(by_look_up) {
        const char *database = silent_databases[_i];
        bool hostile = database && strchr(database, '=') && !strstr(database, "MODULE");

        begin();
        if (database)
                scene_database(DEVICE, database);
        device = scene_open(context, DEVICE);
        assert_choice(LOOKED_UP);
        if (hostile && !strstr(database, "longer") && !strchr(database, '\xff'))
                ck_assert_ptr_nonnull(strstr(log_text, "VFIO_VARIANT_DRIVER of " DEVICE));
        end();
}
END_TEST

START_TEST(without_udev) {
        begin();
        sys_cover("/run");
        device = scene_open(context, DEVICE);
        assert_choice(LOOKED_UP);
        ck_assert_str_eq(log_text, "");
        end();
}
END_TEST

START_TEST(pinned) {
        begin();
        scene_database(DEVICE, "VFIO_VARIANT_PIN=vfio-pci\n");
        device = scene_open(context, DEVICE);
        assert_choice("vfio-pci", "vfio_pci", "-ENODATA", "-ENODATA", VFIO_VARIANT_ORIGIN_LOOKUP);
        (void)vfio_variant_device_unref(device);
        scene_database(DEVICE, "VFIO_VARIANT_PIN=nothing_of_this_name\n");
        device = scene_open(context, DEVICE);
        assert_choice(LOOKED_UP);
        ck_assert_ptr_nonnull(
                strstr(log_text, "VFIO_VARIANT_PIN=nothing_of_this_name of " DEVICE " is ignored"));
        end();
}
END_TEST

/* A driver that the caller names is the choice until the properties are read again. */
START_TEST(named_by_the_caller) {
        begin();
        scene_database(DEVICE, CHOICE_TEXT "VFIO_VARIANT_BIND=1\n");
        device = scene_open(context, DEVICE);
        ck_assert_int_eq(vfio_variant_device_choose(device, "vfio_pci"), 0);
        assert_choice("vfio-pci", "vfio_pci", "-ENODATA", "-ENODATA", VFIO_VARIANT_ORIGIN_LOOKUP);
        ck_assert_str_eq(said(vfio_variant_device_get_tag(device)), "1");
        /* Another driver would rank below this one, but no other is a fallback for it */
        ck_assert_int_eq(vfio_variant_device_choose(device, "intel_vfio_pci"), 0);
        assert_choice("intel_vfio_pci", "intel_vfio_pci", "-ENODATA", "-ENODATA",
                      VFIO_VARIANT_ORIGIN_LOOKUP);
        ck_assert_int_eq(vfio_variant_device_choose(device, "no_such"), -ENXIO);
        ck_assert_int_eq(vfio_variant_device_choose(device, "no such\n"), -EINVAL);
        ck_assert_str_eq(said(vfio_variant_device_get_variant_driver(device)), "intel_vfio_pci");
        ck_assert_int_eq(vfio_variant_device_is_tagged(device), 1);
        assert_choice("some_vfio_pci", "some_module", "vfio_pci:v0*", "vfio-pci",
                      VFIO_VARIANT_ORIGIN_DATABASE);
        end();
}
END_TEST

START_TEST(named_but_disabled) {
        begin();
        sys_cover("/etc");
        sys_file("/etc/modprobe.d/test.conf", "install vfio-pci /bin/false\n");
        device = scene_open(context, DEVICE);
        ck_assert_int_eq(vfio_variant_device_choose(device, "vfio-pci"), -EPERM);
        ck_assert_str_eq(said(vfio_variant_device_get_variant_driver(device)), "nic_vfio_pci");
        end();
}
END_TEST

START_TEST(none_fits) {
        begin();
        sys_file(DIRECTORY "/modalias", "usb:v1D6Bp0002\n");
        device = scene_open(context, DEVICE);
        ck_assert_str_eq(said(vfio_variant_device_get_variant_driver(device)), "-ENODATA");
        ck_assert_str_eq(said(vfio_variant_device_get_variant_alias(device)), "-ENODATA");
        ck_assert_int_eq(vfio_variant_device_get_variant_origin(device), -ENODATA);
        end();
}
END_TEST

#define MODULES "/usr/lib/modules"

START_TEST(index_is_damaged) {
        struct utsname uts;

        begin();
        ck_assert_int_eq(uname(&uts), 0);
        sys_cover(MODULES);
        sys_file(sys_path(MODULES "/%s/modules.alias.bin", uts.release), "no index");
        sys_file(sys_path(MODULES "/%s/modules.alias", uts.release),
                 "alias vfio_pci:v*d*sv*sd*bc*sc*i* vfio_pci\n");
        sys_file(sys_path(MODULES "/%s/modules.dep", uts.release), "kernel/vfio_pci.ko:\n");
        device = scene_open(context, DEVICE);
        ck_assert_str_eq(said(vfio_variant_device_get_variant_driver(device)), "vfio-pci");
        ck_assert_ptr_nonnull(strstr(log_text, "modules.alias.bin is damaged"));
        ck_assert_ptr_nonnull(strstr(log_text, "run depmod"));
        /* Once is enough */
        log_text[0] = '\0';
        (void)vfio_variant_device_unref(device);
        device = scene_open(context, DEVICE);
        ck_assert_str_eq(said(vfio_variant_device_get_variant_driver(device)), "vfio-pci");
        ck_assert_str_eq(log_text, "");
        end();
}
END_TEST

/* Makes the directory of the running kernel, and in it, if not NULL, FILE with TEXT. */
static void make_modules(const char *file, const char *text) {
        struct utsname uts;

        sys_cover(MODULES);
        ck_assert_int_eq(uname(&uts), 0);
        sys_directory(sys_path(MODULES "/%s", uts.release));
        if (file)
                sys_file(sys_path(MODULES "/%s/%s", uts.release, file), text);
}

static int refuse(const struct vfio_variant_candidate *candidate, void *userdata) {
        (void)candidate;
        (void)userdata;
        ck_abort_msg("there is no candidate");
}

static const struct {
        const char *why, *file, *text;
        bool is_missing; /* the directory itself */
        int error;
} no_index_rows[] = {
        {"no directory", NULL, NULL, true, -ENOENT},
        {"an empty directory", NULL, NULL, false, -ENOENT},
        {"depmod did not run", "modules.builtin", "kernel/vfio-pci.ko\n", false, -ENOENT},
        {"an empty index", "modules.alias.bin", "", false, -EBADMSG},
};

/* What needs the index is -ENOENT, which is not the same as none; all else is answered. */
START_TEST(no_index) {
        const __typeof__(*no_index_rows) *row = &no_index_rows[_i];
        const char *error = row->error == -ENOENT ? "-ENOENT" : "-EBADMSG";
        struct vfio_variant_report *report = NULL;

        begin();
        sys_group(DEVICE, "12");
        if (row->is_missing)
                sys_cover(MODULES);
        else
                make_modules(row->file, row->text);
        device = scene_open(context, DEVICE);
        assert_row(!strcmp(said(vfio_variant_device_get_variant_driver(device)), error), row);
        assert_row(!strcmp(said(vfio_variant_device_get_variant_module(device)), error), row);
        assert_row(!strcmp(said(vfio_variant_device_get_variant_alias(device)), error), row);
        assert_row(!strcmp(said(vfio_variant_device_get_fallback_driver(device)), error), row);
        assert_row(vfio_variant_device_choose(device, NULL) == row->error, row);
        assert_row(vfio_variant_device_choose(device, "vfio-pci") == row->error, row);
        assert_row(vfio_variant_device_get_variant_origin(device) == row->error, row);
        assert_row(vfio_variant_each_candidate(context, MODALIAS, NULL, refuse, NULL) == row->error,
                   row);
        assert_row(vfio_variant_device_each_candidate(device, NULL, refuse, NULL) == row->error,
                   row);
        assert_row(vfio_variant_device_bind(device, NULL, 0, &report) == row->error, row);
        assert_row(vfio_variant_device_bind(device, "vfio-pci", 0, &report) == row->error, row);
        assert_row(!report, row);
        assert_row(!strcmp(said(vfio_variant_device_get_driver(device)), "-ENODATA"), row);
        assert_row(!strcmp(said(vfio_variant_device_get_modalias(device)), MODALIAS), row);
        assert_row(vfio_variant_device_get_type(device) == VFIO_VARIANT_TYPE_NONE, row);
        assert_row(vfio_variant_device_get_iommu_group(device) == 12, row);
        end();
}
END_TEST

START_TEST(no_index_but_a_database) {
        begin();
        sys_cover(MODULES);
        scene_database(DEVICE, CHOICE_TEXT);
        device = scene_open(context, DEVICE);
        assert_choice("some_vfio_pci", "some_module", "vfio_pci:v0*", "vfio-pci",
                      VFIO_VARIANT_ORIGIN_DATABASE);
        ck_assert_int_eq(vfio_variant_device_each_candidate(device, NULL, refuse, NULL), -ENOENT);
        end();
}
END_TEST

/* --- candidates --- */

static const struct {
        const char *why, *modalias, *pin, *expected; /* MODULE VERDICT RULE, of each */
        int result;
} candidate_rows[] = {
        {"all kinds of index", MODALIAS, NULL,
         "lost_vfio_pci 7 2; nic_vfio_pci 0 2; intel_vfio_pci 1 2; vfio_pci 2 0; ", 0},
        {"pinned by its driver", MODALIAS, "vfio-pci",
         "vfio_pci 0 1; lost_vfio_pci 7 2; nic_vfio_pci 3 2; intel_vfio_pci 3 2; vfio_pci 4 0; ",
         0},
        {"pinned, and not there", MODALIAS, "no_such",
         "no_such 7 1; lost_vfio_pci 7 2; nic_vfio_pci 0 2; intel_vfio_pci 1 2; vfio_pci 2 0; ", 0},
        {"pinned, and no name", MODALIAS, "no such\n",
         "no such? 8 1; lost_vfio_pci 7 2; nic_vfio_pci 0 2; intel_vfio_pci 1 2; vfio_pci 2 0; ",
         0},
        {"the generic one alone", "pci:v0000ABCDd00000001sv00000000sd00000000bc02sc00i00", NULL,
         "vfio_pci 0 0; ", 0},
        {"the bus has no generic one", "usb:v1D6Bp0002", NULL, "", 0},
        {"no modalias", "nonsense", NULL, "", -EINVAL},
        {"nor this", "", NULL, "", -EINVAL},
};

#define LIST_SIZE 1024

static int list(const struct vfio_variant_candidate *candidate, void *userdata) {
        char *at = userdata;

        ck_assert_ptr_nonnull(vfio_variant_candidate_get_reason(candidate));
        ck_assert_int_gt(strlen(vfio_variant_candidate_get_reason(candidate)), 4);
        (void)snprintf(at + strlen(at), LIST_SIZE - strlen(at), "%s %d %d; ",
                       vfio_variant_candidate_get_module(candidate),
                       vfio_variant_candidate_get_verdict(candidate),
                       vfio_variant_candidate_get_rule(candidate));
        return 0;
}

START_TEST(candidates) {
        const __typeof__(*candidate_rows) *row = &candidate_rows[_i];
        char text[LIST_SIZE] = "";

        begin();
        assert_row(vfio_variant_each_candidate(context, row->modalias, row->pin, list, text) ==
                           row->result,
                   row);
        ck_assert_str_eq(text, row->expected);
        end();
}
END_TEST

static int look_closer(const struct vfio_variant_candidate *candidate, void *userdata) {
        int *n = userdata;

        if ((*n)++ == 0)
                return 0;
        ck_assert_str_eq(vfio_variant_candidate_get_alias(candidate),
                         "vfio_pci:v00008086d000010D3sv*sd*bc*sc*i*");
        ck_assert_str_eq(vfio_variant_candidate_get_driver(candidate), "nic_vfio_pci");
        ck_assert_str_eq(vfio_variant_candidate_get_reason(candidate),
                         "won: it has fewer wildcards than the next");
        ck_assert_int_eq(vfio_variant_candidate_get_wildcards(candidate), 5);
        ck_assert_int_eq(vfio_variant_candidate_get_literals(candidate),
                         strlen("vfio_pci:v00008086d000010D3svsdbcsci"));
        ck_assert_int_ge(vfio_variant_candidate_get_priority(candidate), 0);
        ck_assert_int_eq(vfio_variant_candidate_get_origin(candidate),
                         VFIO_VARIANT_CANDIDATE_INDEX);
        ck_assert_int_eq(vfio_variant_candidate_is_built_in(candidate), 0);
        /* Who is told may ask for others */
        if (*n == 2)
                ck_assert_int_eq(vfio_variant_each_candidate(
                                         context,
                                         "pci:v0000ABCDd00000001sv00000000sd00000000bc02sc00i00",
                                         NULL, list, (char[LIST_SIZE]){0}),
                                 0);
        ck_assert_str_eq(vfio_variant_candidate_get_module(candidate), "nic_vfio_pci");
        return 42;
}

START_TEST(candidates_of_a_device) {
        int n = 0;

        begin();
        device = scene_open(context, DEVICE);
        ck_assert_int_eq(vfio_variant_device_each_candidate(device, NULL, look_closer, &n), 42);
        ck_assert_int_eq(n, 2);
        end();
}
END_TEST

/* One bit for each candidate, in rank order. */
static int list_excluded(const struct vfio_variant_candidate *candidate, void *userdata) {
        unsigned *excluded = userdata;

        *excluded =
                *excluded << 1 | (unsigned)vfio_variant_candidate_is_excluded_by_cmdline(candidate);
        return 0;
}

static const struct {
        const char *why, *cmdline, *modprobe;
        unsigned excluded; /* of lost, nic, intel, vfio_pci */
} cmdline_rows[] = {
        {"nothing", "quiet", "", 0},
        {"the kernel refuses it", "module_blacklist=nic_vfio_pci", "", 4},
        {"modprobe.blacklist=", "modprobe.blacklist=intel_vfio_pci", "", 2},
        {"a line", "quiet", "blacklist intel_vfio_pci\n", 0},
        {"a line and a parameter", "module_blacklist=vfio_pci", "install nic_vfio_pci /bin/true\n",
         1},
};

START_TEST(excluded_by_cmdline) {
        const __typeof__(*cmdline_rows) *row = &cmdline_rows[_i];
        unsigned excluded = 0;

        begin();
        sys_cover("/proc");
        sys_cover("/etc");
        sys_file("/proc/cmdline", sys_path("%s\n", row->cmdline));
        sys_file("/etc/modprobe.d/test.conf", row->modprobe);
        assert_row(vfio_variant_each_candidate(context, MODALIAS, NULL, list_excluded, &excluded) ==
                           0,
                   row);
        assert_row(excluded == row->excluded, row);
        end();
}
END_TEST

START_TEST(module_directory) {
        struct utsname uts;

        begin();
        ck_assert_int_eq(uname(&uts), 0);
        ck_assert_ptr_nonnull(strstr(vfio_variant_get_module_directory(context), uts.release));
        end();
}
END_TEST

static void add_cases(TCase *tcase) {
        tcase_add_test(tcase, from_the_database);
        tcase_add_test(tcase, built_in_in_the_database);
        tcase_add_loop_test(tcase, by_look_up, 0, N_ROWS(silent_databases));
        tcase_add_test(tcase, without_udev);
        tcase_add_test(tcase, pinned);
        tcase_add_test(tcase, named_by_the_caller);
        tcase_add_test(tcase, named_but_disabled);
        tcase_add_test(tcase, none_fits);
        tcase_add_test(tcase, index_is_damaged);
        tcase_add_loop_test(tcase, no_index, 0, N_ROWS(no_index_rows));
        tcase_add_test(tcase, no_index_but_a_database);
        tcase_add_loop_test(tcase, candidates, 0, N_ROWS(candidate_rows));
        tcase_add_test(tcase, candidates_of_a_device);
        tcase_add_loop_test(tcase, excluded_by_cmdline, 0, N_ROWS(cmdline_rows));
        tcase_add_test(tcase, module_directory);
}

int main(void) {
        static const struct unit_case cases[] = {{"choices", add_cases}, {}};

        return unit_run("library-choices", cases);
}
