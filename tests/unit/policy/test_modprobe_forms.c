/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Forms of kernel command lines, each read by this code and by libkmod itself, from /proc/cmdline.
 * What the kernel makes of its own parameter is tried on real boots: tests/vm/scenarios/modprobe.
 */
#include <errno.h>
#include <libkmod.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "fd.h"
#include "policy.h"
#include "unit.h"

#define M "x_vfio_m"

static const struct {
        const char *text;
        bool kernel, libkmod; /* do they blacklist M? */
} rows[] = {
        {"quiet", false, false},
        {"module_blacklist=" M, true, false},
        {"module_blacklist=" M "\n", true, false},
        {"quiet\tmodule_blacklist=a," M ",b\vro", true, false},
        {"module-blacklist=" M, true, false},
        {"module_blacklist=x-vfio-m", false, false},
        {"module_blacklist=" M "2,2" M, false, false},
        {"MODULE_BLACKLIST=" M, false, false},
        {"my_module_blacklist=" M " module_blacklists=" M, false, false},
        {"x.module_blacklist=" M, false, false},
        {"initcall_blacklist=" M, false, false},
        {"module_blacklist " M, false, false},
        {"module_blacklist=\"" M "\"", true, false},
        {"module_blacklist=\"a," M "\" quiet", true, false},
        {"\"module_blacklist=" M ",a\" quiet", true, false},
        {"\"module_blacklist=a," M "\"", true, false},
        {"module_blacklist=\"a b," M "\"", true, false},
        {"module_blacklist=\"a " M ",b\"", false, false},
        {"note=\"a module_blacklist=" M " b\"", false, false},
        {"note=a\" module_blacklist=" M "\" quiet", false, false},
        {"note=\"unclosed module_blacklist=" M, false, false},
        {"module_blacklist=\"unclosed," M, true, false},
        {"module_blacklist=a module_blacklist=" M, true, false},
        {"module_blacklist=" M " module_blacklist=a", false, false},
        {"module_blacklist=" M " module-blacklist=", false, false},
        {"module_blacklist=" M " module_blacklist", true, false},
        {"module_blacklist=" M " -- single", true, false},
        {"quiet -- module_blacklist=" M, false, false},
        {"quiet \"--\" module_blacklist=" M, false, false},
        {"quiet --x module_blacklist=" M, true, false},
        {"quiet --=x module_blacklist=" M, true, false},
        {"quiet - module_blacklist=" M, true, false},
        {"=a module_blacklist=" M, true, false},
        {"module_blacklist==" M, false, false},
        {"module_blacklist=,," M ",", true, false},
        {"module_blacklist=" M ".ko", false, false},

        {"modprobe.blacklist=" M, false, true},
        {"modprobe.blacklist=a," M ",b quiet", false, true},
        {"modprobe.blacklist=a modprobe.blacklist=" M " modprobe.blacklist=b", false, true},
        {"modprobe.blacklist=x-vfio-m", false, false},
        {"modprobe-blacklist=" M, false, false},
        {"modprobe.blacklist=" M "2", false, false},
        {"modprobe.blacklist " M, false, false},
        {"quiet -- modprobe.blacklist=" M, false, true},
        {"modprobe.blacklist=\"" M "\"", false, false},
        {"modprobe.blacklist=\"a," M ",b\"", false, true},
        {"\"modprobe.blacklist=a," M ",b\"", false, true},
        {"note=\"a modprobe.blacklist=" M " b\"", false, false},
        {"module_blacklist=" M " modprobe.blacklist=" M, true, true},
        {"module_blacklist=a modprobe.blacklist=" M, false, true},
};

/* Has /proc/cmdline say TEXT, for this process. */
static void boot_with(const char *text) {
        struct temp_directory directory = temp_directory_new();
        char path[sizeof(directory.path) + sizeof("/cmdline")];

        temp_file(&directory, "cmdline", text);
        (void)stpcpy(stpcpy(path, directory.path), "/cmdline");
        ck_assert_msg(unshare(CLONE_NEWNS | (geteuid() ? CLONE_NEWUSER : 0)) == 0,
                      "no name spaces here: %s", strerror(errno));
        ck_assert_int_eq(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL), 0);
        ck_assert_int_eq(mount(path, "/proc/cmdline", NULL, MS_BIND, NULL), 0);
        fd_close(directory.fd);
}

static bool libkmod_blacklists(const char *const *directories) {
        struct kmod_ctx *context = kmod_new(NULL, directories);
        struct kmod_list *all = NULL, *rest = NULL;
        bool is_out;

        ck_assert_ptr_nonnull(context);
        /* The list of one that a filter takes: only a lookup makes it, here of an alias */
        ck_assert_int_eq(kmod_module_new_from_lookup(context, "an_alias", &all), 0);
        ck_assert_ptr_nonnull(all);
        ck_assert_int_ge(kmod_module_apply_filter(context, KMOD_FILTER_BLACKLIST, all, &rest), 0);
        is_out = rest == NULL;
        (void)kmod_module_unref_list(rest);
        (void)kmod_module_unref_list(all);
        (void)kmod_unref(context);
        return is_out;
}

START_TEST(form_is_read) {
        const __typeof__(*rows) *row = &rows[_i];
        struct temp_directory directory = temp_directory_new();
        const char *const directories[] = {directory.path, NULL};
        enum policy_ban ban = POLICY_INSTALL;
        struct policy *policy;
        struct arena arena = {};

        temp_file(&directory, "a.conf", "alias an_alias " M "\n");
        boot_with(row->text);
        ck_assert_int_eq(policy_open(NULL, directories, &arena, &policy), 0);
        ck_assert_msg(policy_blacklists(policy, M) == row->libkmod, "%s", row->text);
        ck_assert_int_eq(policy_bans(policy, M, &ban), 0);
        ck_assert_msg(ban == (row->kernel ? POLICY_KERNEL : POLICY_NO_BAN), "%s", row->text);
        ck_assert_msg(libkmod_blacklists(directories) == row->libkmod, "libkmod: %s", row->text);
        policy_close(policy);
        arena_done(&arena);
        fd_close(directory.fd);
}
END_TEST

/* The kernel's param_set_charp() refuses what is longer than 1024 bytes. */
START_TEST(form_is_bounded) {
        for (size_t n = 1024; n <= 1025; n++) {
                char text[2048] = "module_blacklist=" M ",";
                char *at = text + strlen("module_blacklist=");
                struct temp_directory directory = temp_directory_new();
                const char *const directories[] = {directory.path, NULL};
                enum policy_ban ban;
                struct policy *policy;
                struct arena arena = {};

                memset(at + strlen(M ","), 'a', n - strlen(M ","));
                at[n] = '\0';
                boot_with(text);
                ck_assert_int_eq(policy_open(NULL, directories, &arena, &policy), 0);
                ck_assert_int_eq(policy_bans(policy, M, &ban), 0);
                ck_assert_int_eq(ban, n == 1024 ? POLICY_KERNEL : POLICY_NO_BAN);
                policy_close(policy);
                arena_done(&arena);
                fd_close(directory.fd);
        }
}
END_TEST

static void add_forms(TCase *tcase) {
        tcase_add_loop_test(tcase, form_is_read, 0, N_ROWS(rows));
        tcase_add_test(tcase, form_is_bounded);
}

int main(void) {
        static const struct unit_case cases[] = {
                {"forms", add_forms},
                {},
        };

        return unit_run("modprobe-forms", cases);
}
