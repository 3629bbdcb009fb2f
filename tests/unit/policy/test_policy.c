/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/policy: the policy of this host. */
#include <errno.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "alias.h"
#include "fd.h"
#include "gathered.h"
#include "policy.h"
#include "unit.h"

/* A policy over one file. */
struct opened {
        struct temp_directory directory;
        const char *directories[2];
        struct arena arena;
        struct policy *policy;
};

static void open_policy(const char *text, struct opened *ret) {
        memset(ret, 0, sizeof(*ret));
        ret->directory = temp_directory_new();
        ret->directories[0] = ret->directory.path;
        temp_file(&ret->directory, "a.conf", text);
        ck_assert_int_eq(policy_open(NULL, ret->directories, &ret->arena, &ret->policy), 0);
}

static void close_policy(struct opened *opened) {
        policy_close(opened->policy);
        arena_done(&opened->arena);
        fd_close(opened->directory.fd);
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
        for (int round = 0; round < 2; round++)
                assert_row(policy_blacklists(opened.policy, row->module) == row->blacklisted, row);
        close_policy(&opened);
}
END_TEST

static const struct {
        const char *why, *text, *module;
        enum policy_ban ban;
        int any;
} ban_rows[] = {
        {"nothing", "", "x_vfio_unit", POLICY_NO_BAN, 0},
        {"a blacklist", "blacklist x_vfio_unit\n", "x_vfio_unit", POLICY_NO_BAN, 1},
        {"an install line", "install x_vfio_unit /bin/false\n", "x_vfio_unit", POLICY_INSTALL, 1},
        {"spelled with '-'", "install x-vfio-unit /bin/true\n", "x_vfio_unit", POLICY_INSTALL, 1},
        {"of a module without vfio in its name", "install odd_unit :\n", "odd_unit", POLICY_INSTALL,
         1},
        {"of another", "install odd_unit :\n", "even_unit", POLICY_NO_BAN, 1},
        {"a pattern", "install *_unit /bin/false\n", "odd_unit", POLICY_INSTALL, 1},
        {"a pattern for all", "install * /bin/false\n", "x_vfio_unit", POLICY_INSTALL, 1},
        {"a pattern with '-' and brackets", "install odd-[t-v]* /bin/false\n", "odd_unit",
         POLICY_INSTALL, 1},
        {"the first line counts, and loads",
         "install odd_unit modprobe -i odd_unit\ninstall odd_unit /bin/false\n", "odd_unit",
         POLICY_NO_BAN, 1},
        {"the first line counts, and does not",
         "install odd* /bin/false\ninstall odd_unit modprobe -i odd_unit\n", "odd_unit",
         POLICY_INSTALL, 1},
        {"a line that goes on", "install \\\n odd_unit /bin/false\n", "odd_unit", POLICY_INSTALL,
         1},
        {"no command", "install odd_unit\n", "odd_unit", POLICY_NO_BAN, 1},
        {"a script", "install odd_unit /usr/local/sbin/odd\n", "odd_unit", POLICY_NO_BAN, 1},
};

START_TEST(policy_has_bans) {
        const __typeof__(*ban_rows) *row = &ban_rows[_i];
        enum policy_ban ban = 77;
        struct opened opened;

        open_policy(row->text, &opened);
        for (int round = 0; round < 2; round++) {
                assert_row(policy_bans_any(opened.policy) == row->any, row);
                assert_row(policy_bans(opened.policy, row->module, &ban) == 0, row);
                assert_row(ban == row->ban, row);
        }
        close_policy(&opened);
}
END_TEST

/* Regardless of what was looked up before. */
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
        {"an alias of odd characters", "alias vfio_p:a\x80* m\n", ""},
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
        /* libkmod returns them in another order */
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
                memcpy(text, "alias vfio_p:", sizeof("alias vfio_p:") - 1);
                (void)stpcpy(text + strlen("alias ") + n, " m\n");
                open_policy(text, &opened);
                ck_assert_int_eq(policy_lookup(opened.policy, &key, gather, &found), 0);
                ck_assert_int_eq(found.n, n < ALIAS_SIZE);
                close_policy(&opened);
        }
}
END_TEST

START_TEST(policy_reports_errors) {
        struct gathered found = {.stop_at = 1, .r = -EXDEV};
        struct modalias key;
        struct opened opened;

        ck_assert_int_eq(modalias_parse("p:a", &key), 0);
        open_policy("alias vfio_p:a m\n", &opened);
        ck_assert_int_eq(policy_lookup(opened.policy, &key, gather, &found), -EXDEV);
        close_policy(&opened);
        open_policy("", &opened);
        ck_assert_int_eq(symlinkat("b.conf", opened.directory.fd, "b.conf"), 0);
        ck_assert_int_eq(policy_lookup(opened.policy, &key, gather, &found), -ELOOP);
        ck_assert_int_eq(policy_blacklists(opened.policy, "x_vfio_unit"), -ELOOP);
        ck_assert_int_eq(policy_blacklists(opened.policy, "odd_unit"), -ELOOP);
        close_policy(&opened);
}
END_TEST

START_TEST(policy_open_reports_errors) {
        struct policy *policy = NULL;
        struct arena arena = {};
        struct rlimit limits;
        int r;

        memory_is_short();
        r = policy_open(NULL, NULL, &arena, &policy);
        memory_is_back();
        ck_assert_int_eq(r, -ENOMEM);
        limits = no_descriptors_left();
        r = policy_open(NULL, NULL, &arena, &policy);
        ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limits), 0);
        ck_assert_int_eq(r, -EMFILE);
        ck_assert_ptr_null(policy);
        policy_close(NULL);
        arena_done(&arena);
}
END_TEST

#ifndef __SANITIZE_ADDRESS__
/* libkmod is needed and cannot be loaded. (A sanitizer would need memory as well.) */
START_TEST(policy_without_libkmod) {
        struct opened opened;
        int r;

        open_policy("blacklist x_vfio_unit\n", &opened);
        mappings_fail();
        r = policy_blacklists(opened.policy, "x_vfio_unit");
        mappings_work();
        ck_assert_int_eq(r, -EOPNOTSUPP);
        close_policy(&opened);
}
END_TEST
#endif

START_TEST(policy_of_this_host) {
        struct policy *policy;
        struct arena arena = {};

        ck_assert_int_eq(policy_open(NULL, NULL, &arena, &policy), 0);
        ck_assert_int_eq(policy_blacklists(policy, "x_vfio_unit"), 0);
        policy_close(policy);
        arena_done(&arena);
}
END_TEST

static void add_policy(TCase *tcase) {
#ifndef __SANITIZE_ADDRESS__
        /* Comes first, before anything has loaded libkmod in this process */
        tcase_add_test(tcase, policy_without_libkmod);
#endif
        tcase_add_loop_test(tcase, policy_has_bans, 0, N_ROWS(ban_rows));
        tcase_add_loop_test(tcase, policy_has_blacklist, 0, N_ROWS(blacklist_rows));
        tcase_add_test(tcase, policy_answers_in_any_order);
        tcase_add_loop_test(tcase, policy_finds_aliases, 0, N_ROWS(lookup_rows));
        tcase_add_test(tcase, policy_bounds_alias);
        tcase_add_test(tcase, policy_reports_errors);
        tcase_add_test(tcase, policy_open_reports_errors);
        tcase_add_test(tcase, policy_of_this_host);
}

int main(void) {
        static const struct unit_case cases[] = {
                {"policy", add_policy},
                {},
        };

        return unit_run("policy", cases);
}
