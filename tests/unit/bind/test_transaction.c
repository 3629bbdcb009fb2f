/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/bind: several devices bound in one transaction. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bind.h"
#include "device_lock.h"
#include "row.h"
#include "sys.h"
#include "unit.h"

#define SECOND "0000:00:01.1"

static const struct bind_driver good = {"good_vfio", "good_vfio"}, bad = {"bad_vfio", "bad_vfio"},
                                generic = {"vfio-pci", "vfio-pci"}, none = {NULL, NULL},
                                unknown = {"unknown_vfio", "unknown_vfio"};

/* The state of each of two devices of a group, in their order: the first is DEVICE. */
struct member_row {
        const char *previous_driver, *override; /* before */
        const struct bind_driver *wanted, *fallback;
        /* After */
        int error;
        enum vfio_variant_result result;
        const char *current_driver, *override_after;
};

static const struct pair_row {
        const char *why;
        struct member_row members[2];
        const char *fails; /* as in struct row */
        int fails_at, error;
        int r;
        const char *log;
} pair_rows[] = {
        {"both on native drivers",
         {{"e1000e", "", &good, &none, 0, VFIO_VARIANT_RESULT_DONE, "good-vfio", "good-vfio"},
          {"e1000e", "", &generic, &none, 0, VFIO_VARIANT_RESULT_DONE, "vfio-pci", "vfio-pci"}},
         NO_ERROR,
         0,
         "load=good_vfio;load=vfio-pci;override=good-vfio;unbind=e1000e;"
         "override=vfio-pci;unbind=e1000e;probe;probe;"},
        {"one is bound already, with another override",
         {{"builtin_vfio", "gone", &(struct bind_driver){"builtin_vfio", NULL}, &none, 0,
           VFIO_VARIANT_RESULT_ALREADY, "builtin_vfio", "builtin_vfio"},
          {"e1000e", "", &good, &none, 0, VFIO_VARIANT_RESULT_DONE, "good-vfio", "good-vfio"}},
         NO_ERROR,
         0,
         "override=builtin_vfio;load=good_vfio;override=good-vfio;unbind=e1000e;probe;"},
        {"one without a driver",
         {{"", "", &good, &none, 0, VFIO_VARIANT_RESULT_DONE, "good-vfio", "good-vfio"},
          {"e1000e", "", &good, &none, 0, VFIO_VARIANT_RESULT_DONE, "good-vfio", "good-vfio"}},
         NO_ERROR,
         0,
         "load=good_vfio;override=good-vfio;override=good-vfio;unbind=e1000e;probe;probe;"},
        {"the second one falls back",
         {{"e1000e", "", &good, &none, 0, VFIO_VARIANT_RESULT_DONE, "good-vfio", "good-vfio"},
          {"e1000e", "", &bad, &generic, 0, VFIO_VARIANT_RESULT_FALLBACK, "vfio-pci", "vfio-pci"}},
         NO_ERROR,
         0,
         "load=good_vfio;load=bad_vfio;override=good-vfio;unbind=e1000e;override=bad_vfio;"
         "unbind=e1000e;probe;probe;load=vfio-pci;override=vfio-pci;probe;"},

        {"the second probe fails: both are restored",
         {{"e1000e", "", &good, &none, -ECANCELED, VFIO_VARIANT_RESULT_CANCELLED, "e1000e",
           "(null)"},
          {"e1000e", "", &bad, &none, -ENXIO, VFIO_VARIANT_RESULT_ROLLED_BACK, "e1000e", "(null)"}},
         NO_ERROR,
         -ENXIO,
         "load=good_vfio;load=bad_vfio;override=good-vfio;unbind=e1000e;override=bad_vfio;"
         "unbind=e1000e;probe;probe;override=;bind=e1000e;"
         "unbind=good-vfio;override=;bind=e1000e;"},
        {"the first probe fails: both are restored",
         {{"e1000e", "", &bad, &none, -ENXIO, VFIO_VARIANT_RESULT_ROLLED_BACK, "e1000e", "(null)"},
          {"e1000e", "pci-stub", &good, &none, -ECANCELED, VFIO_VARIANT_RESULT_CANCELLED, "e1000e",
           "pci-stub"}},
         NO_ERROR,
         -ENXIO,
         NULL},
        {"another VFIO driver before: it is restored",
         {{"builtin_vfio", "builtin_vfio", &good, &none, -ECANCELED, VFIO_VARIANT_RESULT_CANCELLED,
           "builtin_vfio", "builtin_vfio"},
          {"e1000e", "", &bad, &none, -ENXIO, VFIO_VARIANT_RESULT_ROLLED_BACK, "e1000e", "(null)"}},
         NO_ERROR,
         -ENXIO,
         NULL},
        {"one was bound before: it is unchanged",
         {{"builtin_vfio", "builtin_vfio", &(struct bind_driver){"builtin_vfio", NULL}, &none, 0,
           VFIO_VARIANT_RESULT_ALREADY, "builtin_vfio", "builtin_vfio"},
          {"e1000e", "", &bad, &none, -ENXIO, VFIO_VARIANT_RESULT_ROLLED_BACK, "e1000e", "(null)"}},
         NO_ERROR,
         -ENXIO,
         NULL},
        {"a module is missing: nothing is written",
         {{"e1000e", "", &good, &none, -ECANCELED, VFIO_VARIANT_RESULT_CANCELLED, "e1000e",
           "(null)"},
          {"e1000e", "", &unknown, &none, -ENOENT, VFIO_VARIANT_RESULT_FAILED, "e1000e", "(null)"}},
         NO_ERROR,
         -ENOENT,
         "load=good_vfio;load=unknown_vfio;"},
        {"a module is missing, and a rule wrote its override before",
         {{"", "good-vfio", &(struct bind_driver){"good-vfio", NULL}, &none, -ENOENT,
           VFIO_VARIANT_RESULT_ROLLED_BACK, "e1000e", "(null)"},
          {"e1000e", "", &good, &none, -ECANCELED, VFIO_VARIANT_RESULT_CANCELLED, "e1000e",
           "(null)"}},
         NO_ERROR,
         -ENOENT,
         "override=;modalias;probe;"},
        {"the second unbind fails: the first device is restored",
         {{"e1000e", "", &good, &none, -ECANCELED, VFIO_VARIANT_RESULT_CANCELLED, "e1000e",
           "(null)"},
          {"e1000e", "", &good, &none, -EIO, VFIO_VARIANT_RESULT_ROLLED_BACK, "e1000e", "(null)"}},
         "/unbind",
         2,
         -EIO,
         -EIO,
         NULL},
        {"the second override fails",
         {{"e1000e", "", &good, &none, -ECANCELED, VFIO_VARIANT_RESULT_CANCELLED, "e1000e",
           "(null)"},
          {"e1000e", "", &good, &none, -EIO, VFIO_VARIANT_RESULT_FAILED, "e1000e", "(null)"}},
         "/driver_override",
         2,
         -EIO,
         -EIO,
         NULL},
        {"the second probe fails",
         {{"e1000e", "", &good, &none, -ECANCELED, VFIO_VARIANT_RESULT_CANCELLED, "e1000e",
           "(null)"},
          {"e1000e", "", &good, &none, -EIO, VFIO_VARIANT_RESULT_ROLLED_BACK, "e1000e", "(null)"}},
         "/drivers_probe",
         2,
         -EIO,
         -EIO,
         NULL},
        {"the previous driver binds the first device only with an override",
         {{"e1000e", "", &good, &none, -ECANCELED, VFIO_VARIANT_RESULT_CANCELLED, "e1000e",
           "e1000e"},
          {"e1000e", "", &bad, &none, -ENXIO, VFIO_VARIANT_RESULT_ROLLED_BACK, "e1000e", "(null)"}},
         "/bind",
         2,
         -EIO,
         -ENXIO,
         NULL},
};

static const char *const sysnames[] = {DEVICE, SECOND};

/* Two devices, and the request for each. */
struct pair {
        struct handle handles[2];
        struct bind_request requests[2];
        struct bind_report reports[2];
        struct bind_member members[2]; /* the second one first: bind_devices() sorts them */
};

static void set_before(const char *sysname, const struct member_row *row) {
        sys_group(sysname, "1");
        sys_hold(sysname, row->previous_driver[0] ? row->previous_driver : NULL);
        if (row->override[0])
                sys_file(sys_path(SYS_ROOT "%s/driver_override", sysname),
                         sys_path("%s\n", row->override));
}

static struct kernel enter(const struct pair_row *row) {
        struct kernel kernel = {.drivers = usual_drivers,
                                .fails = row->fails,
                                .fails_at = row->fails_at,
                                .error = row->error};

        sys_enter();
        sys_driver("e1000e", "e1000e");
        sys_driver("builtin_vfio", NULL);
        for (size_t i = 0; i < 2; i++) {
                sys_device(sysnames[i]);
                set_before(sysnames[i], &row->members[i]);
                if (strcmp(row->members[i].previous_driver, "builtin_vfio") == 0)
                        sys_directory(sys_path(SYS_ROOT "%s/vfio-dev/vfio0", sysnames[i]));
        }
        return kernel;
}

static void pair_open(struct pair *pair, const struct pair_row *row) {
        for (size_t i = 0; i < 2; i++) {
                pair->handles[i] = sys_open(sysnames[i]);
                pair->requests[i] = row_request(row->members[i].wanted, row->members[i].fallback);
                pair->members[1 - i] = (struct bind_member){&pair->handles[i], &pair->requests[i],
                                                            &pair->reports[i], 0};
        }
}

static void pair_close(struct pair *pair) {
        handle_close(&pair->handles[0]);
        handle_close(&pair->handles[1]);
}

static void check_member(const struct pair_row *row, int i, const struct pair *pair) {
        const struct member_row *wanted = &row->members[i];
        const struct bind_report *report = &pair->reports[i];
        const char *override = sys_text(sys_path(SYS_ROOT "%s/driver_override", sysnames[i]));
        int error = pair->members[1 - i].error;

        ck_assert_msg(error == wanted->error, "%s: %d: error %d", row->why, i, error);
        ck_assert_msg(report->result == wanted->result, "%s: %d: result %d", row->why, i,
                      (int)report->result);
        ck_assert_msg(strcmp(report->previous_driver, wanted->previous_driver) == 0,
                      "%s: %d: had %s", row->why, i, report->previous_driver);
        ck_assert_msg(strcmp(report->current_driver, wanted->current_driver) == 0, "%s: %d: on %s",
                      row->why, i, report->current_driver);
        ck_assert_msg(strcmp(override, wanted->override_after) == 0, "%s: %d: override %s",
                      row->why, i, override);
}

START_TEST(transaction_binds_or_rolls_back) {
        const struct pair_row *row = &pair_rows[_i];
        struct kernel kernel = enter(row);
        struct pair pair;
        int r;

        pair_open(&pair, row);
        kernel_run(&kernel);
        r = bind_devices(pair.members, 2);
        for (int i = 0; i < 2; i++)
                check_member(row, i, &pair);
        ck_assert_msg(r == row->r, "%s: returned %d", row->why, r);
        if (row->log)
                ck_assert_msg(strcmp(kernel.log, row->log) == 0, "%s: %s", row->why, kernel.log);
        pair_close(&pair);
}
END_TEST

/* --- guards --- */

static const struct pair_row native_pair = {
        .members = {
                {.previous_driver = "e1000e", .override = "", .wanted = &good, .fallback = &none},
                {.previous_driver = "e1000e", .override = "", .wanted = &good, .fallback = &none}}};

/* A third member of the group, which is not part of the transaction, prevents both. */
START_TEST(transaction_checks_other_members) {
        struct kernel kernel = enter(&native_pair);
        struct pair pair;

        sys_device("0000:00:01.2");
        sys_group("0000:00:01.2", "1");
        sys_driver("snd_hda_intel", NULL);
        sys_hold("0000:00:01.2", "snd_hda_intel");
        pair_open(&pair, &native_pair);
        kernel_run(&kernel);
        ck_assert_int_eq(bind_devices(pair.members, 2), -EBUSY);
        for (int i = 0; i < 2; i++) {
                ck_assert_int_eq(pair.reports[i].result, VFIO_VARIANT_RESULT_REFUSED);
                ck_assert_str_eq(pair.reports[i].finding.text,
                                 "0000:00:01.2 is bound to snd_hda_intel");
        }
        ck_assert_str_eq(kernel.log, "");
        pair_close(&pair);
}
END_TEST

/* One has virtual functions. The other, for which no guard refuses, is unchanged. */
START_TEST(transaction_is_refused_for_one) {
        struct kernel kernel = enter(&native_pair);
        struct pair pair;

        sys_file(SYS_ROOT SECOND "/sriov_numvfs", "2\n");
        pair_open(&pair, &native_pair);
        kernel_run(&kernel);
        ck_assert_int_eq(bind_devices(pair.members, 2), -EBUSY);
        ck_assert_int_eq(pair.reports[0].result, VFIO_VARIANT_RESULT_CANCELLED);
        ck_assert_int_eq(pair.members[1].error, -ECANCELED);
        ck_assert_int_eq(pair.reports[1].result, VFIO_VARIANT_RESULT_REFUSED);
        ck_assert_int_eq(pair.reports[1].finding.guard, GUARD_FUNCTIONS);
        ck_assert_str_eq(kernel.log, "");
        ck_assert(!pair.reports[0].changed && !pair.reports[1].changed);
        pair_close(&pair);
}
END_TEST

START_TEST(transaction_runs_dry) {
        struct kernel kernel = enter(&native_pair);
        struct pair pair;

        pair_open(&pair, &native_pair);
        pair.requests[0].dry_run = pair.requests[1].dry_run = true;
        kernel_run(&kernel);
        ck_assert_int_eq(bind_devices(pair.members, 2), 0);
        for (int i = 0; i < 2; i++)
                ck_assert_int_eq(pair.reports[i].result, VFIO_VARIANT_RESULT_POSSIBLE);
        ck_assert_str_eq(kernel.log, "");
        pair_close(&pair);
}
END_TEST

/* --- the devices themselves --- */

START_TEST(transaction_refuses_the_same_twice) {
        struct kernel kernel = enter(&native_pair);
        struct pair pair;

        pair_open(&pair, &native_pair);
        handle_close(&pair.handles[1]);
        pair.handles[1] = sys_open(DEVICE);
        kernel_run(&kernel);
        ck_assert_int_eq(bind_devices(pair.members, 2), -EINVAL);
        ck_assert_str_eq(kernel.log, "");
        ck_assert_int_eq(pair.reports[0].result, VFIO_VARIANT_RESULT_FAILED);
        pair_close(&pair);
}
END_TEST

static void remove_second(void) {
        ck_assert_int_eq(rename(SYS_ROOT SECOND, "/sys/devices/old"), 0);
        ck_assert_int_eq(unlink("/sys/bus/pci/devices/" SECOND), 0);
}

/* Before each write: the remaining device is bound to its native driver again. */
START_TEST(transaction_loses_one) {
        struct kernel kernel = enter(&native_pair);
        struct pair pair;

        pair_open(&pair, &native_pair);
        kernel.before = remove_second;
        kernel.before_write = _i;
        kernel_run(&kernel);
        ck_assert_int_eq(bind_devices(pair.members, 2), -ENODEV);
        ck_assert_int_eq(pair.members[0].error, -ENODEV);
        ck_assert_int_eq(pair.members[1].error, -ECANCELED);
        ck_assert_str_eq(pair.reports[0].current_driver, "e1000e");
        ck_assert_str_eq(sys_text(DIRECTORY "/driver_override"), "(null)");
        pair_close(&pair);
}
END_TEST

static int lock(const char *sysname) {
        struct handle handle = sys_open(sysname);
        int fd = device_lock(&handle);

        handle_close(&handle);
        return fd;
}

static bool is_locked(const char *sysname) {
        int fd = lock(sysname);

        if (fd >= 0)
                (void)close(fd);
        return fd == -EWOULDBLOCK;
}

static bool first_was_locked;

static void check_lock(void *userdata) {
        int *fd = userdata;

        first_was_locked = is_locked(DEVICE);
        (void)close(*fd);
}

/*
 * Another process has the second device locked: the first is locked by then, not the other way
 * round.
 */
START_TEST(transaction_locks_in_order) {
        struct kernel kernel = enter(&native_pair);
        struct pair pair;
        int fd = lock(SECOND);

        ck_assert_int_ge(fd, 0);
        pair_open(&pair, &native_pair);
        pair.requests[1].on_wait = check_lock;
        pair.requests[1].wait_userdata = &fd;
        kernel_run(&kernel);
        ck_assert_int_eq(bind_devices(pair.members, 2), 0);
        ck_assert(first_was_locked);
        pair_close(&pair);
        ck_assert(!is_locked(DEVICE) && !is_locked(SECOND));
}
END_TEST

static void add_transaction(TCase *tcase) {
        tcase_add_loop_test(tcase, transaction_binds_or_rolls_back, 0, N_ROWS(pair_rows));
        tcase_add_test(tcase, transaction_checks_other_members);
        tcase_add_test(tcase, transaction_is_refused_for_one);
        tcase_add_test(tcase, transaction_runs_dry);
        tcase_add_test(tcase, transaction_refuses_the_same_twice);
        tcase_add_loop_test(tcase, transaction_loses_one, 1, 7);
        tcase_add_test(tcase, transaction_locks_in_order);
}

int main(void) {
        static const struct unit_case cases[] = {
                {"transaction", add_transaction},
                {},
        };

        return unit_run("transaction", cases);
}
