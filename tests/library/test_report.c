/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Tests of the library: what is reported of binding, of guards and of tags. The kernel is that of
 * kernel.h, which answers what the library writes to /sys.
 */
#include <errno.h>
#include <string.h>
#include <sys/mount.h>

#include "kernel.h"
#include "scene.h"

#define OTHER "0000:00:01.1"

static struct vfio_variant *context;
static struct vfio_variant_device *device;
static struct vfio_variant_report *report;
static struct kernel kernel;

/* DEVICE, in a group and bound to BOUND, on a kernel with DRIVERS. */
static void begin(const struct kernel_driver *drivers, const char *bound) {
        scene_enter();
        sys_group(DEVICE, "12");
        kernel = (struct kernel){.drivers = drivers};
        kernel_run(&kernel);
        sys_hold(DEVICE, bound);
        context = scene_context();
        device = scene_open(context, DEVICE);
}

static void end(void) {
        report = vfio_variant_report_free(report);
        device = vfio_variant_device_unref(device);
        context = vfio_variant_unref(context);
}

static void assert_report(enum vfio_variant_result result, const char *previous,
                          const char *current) {
        ck_assert_int_eq(vfio_variant_report_get_result(report), result);
        ck_assert_str_eq(said(vfio_variant_report_get_previous_driver(report)), previous);
        ck_assert_str_eq(said(vfio_variant_report_get_current_driver(report)), current);
}

/* STEP or OTHER_DRIVER: "-ENODATA" for none. */
static void assert_attempt(const struct vfio_variant_attempt *attempt, const char *driver,
                           int error, const char *step, const char *other_driver) {
        ck_assert_ptr_nonnull(attempt);
        ck_assert_str_eq(said(vfio_variant_attempt_get_driver(attempt)), driver);
        ck_assert_int_eq(vfio_variant_attempt_get_error(attempt), error);
        ck_assert_str_eq(said(vfio_variant_attempt_get_step(attempt)), step);
        ck_assert_str_eq(said(vfio_variant_attempt_get_other_driver(attempt)), other_driver);
}

#define NATIVE                                                                                     \
        { "e1000e", "e1000e", .native = true, .loaded = true }
#define NONE "-ENODATA"

static const struct kernel_driver willing[] = {
        NATIVE,
        {"nic_vfio_pci", "nic_vfio_pci", .loaded = true, .vfio = true},
        {"vfio-pci", "vfio_pci", .loaded = true, .vfio = true},
        {},
};

START_TEST(bound) {
        begin(willing, "e1000e");
        ck_assert_int_eq(vfio_variant_device_bind(device, "vfio_pci", 0, &report), 0);
        assert_report(VFIO_VARIANT_RESULT_DONE, "e1000e", "vfio-pci");
        ck_assert_str_eq(said(vfio_variant_report_get_wanted_driver(report)), "vfio-pci");
        ck_assert_int_eq(vfio_variant_report_is_previous_vfio(report), 0);
        ck_assert_str_eq(said(vfio_variant_report_get_finding(report)), NONE);
        ck_assert_int_eq(vfio_variant_report_can_force(report), 0);
        ck_assert_str_eq(said(vfio_variant_report_get_cause(report)), NONE);
        assert_attempt(vfio_variant_report_get_attempt(report, 0), "vfio-pci", 0, NONE, NONE);
        ck_assert_ptr_null(vfio_variant_report_get_attempt(report, 1));
        ck_assert_ptr_null(vfio_variant_report_get_restore(report));
        report = vfio_variant_report_free(report);
        /* From one VFIO driver to another */
        ck_assert_int_eq(vfio_variant_device_bind(device, NULL, 0, &report), 0);
        assert_report(VFIO_VARIANT_RESULT_DONE, "vfio-pci", "nic_vfio_pci");
        ck_assert_int_eq(vfio_variant_report_is_previous_vfio(report), 1);
        end();
}
END_TEST

START_TEST(unbound) {
        begin(willing, "vfio-pci");
        ck_assert_int_eq(vfio_variant_device_unbind(device, 0, &report), 0);
        assert_report(VFIO_VARIANT_RESULT_DONE, "vfio-pci", "e1000e");
        ck_assert_str_eq(said(vfio_variant_report_get_wanted_driver(report)), NONE);
        end();
}
END_TEST

START_TEST(unbind_fails) {
        begin(willing, "vfio-pci");
        kernel.fails = "/unbind";
        kernel.fails_at = 1;
        kernel.error = -EIO;
        ck_assert_int_eq(vfio_variant_device_unbind(device, 0, &report), -EIO);
        assert_attempt(vfio_variant_report_get_attempt(report, 0), NONE, -EIO,
                       "unbinding the previous driver", NONE);
        end();
}
END_TEST

/* Which line of modprobe.d sends the device to vfio-pci is told when no native driver binds it. */
START_TEST(no_native_driver) {
        static const struct kernel_driver drivers[] = {
                {"vfio-pci", "vfio_pci", .loaded = true, .vfio = true}, {}};

        begin(drivers, "vfio-pci");
        sys_file(DIRECTORY "/modalias", "pci:v00008086d00001234sv00008086sd00000001bc02sc00i00\n");
        (void)vfio_variant_device_unref(device);
        device = scene_open(context, DEVICE);
        sys_cover("/etc");
        sys_file("/etc/modprobe.d/ids.conf", "options vfio-pci ids=8086:1234\n");
        ck_assert_int_eq(vfio_variant_device_unbind(device, 0, &report), 0);
        assert_report(VFIO_VARIANT_RESULT_NO_DRIVER, "vfio-pci", NONE);
        ck_assert_str_eq(said(vfio_variant_report_get_cause(report)),
                         "ids= in /etc/modprobe.d/ids.conf:1 names it for vfio-pci");
        end();
}
END_TEST

static const struct kernel_driver refusing[] = {
        NATIVE,
        {"nic_vfio_pci", "nic_vfio_pci", .loaded = true, .probe = KERNEL_REFUSES, .vfio = true},
        {"intel_vfio_pci", "intel_vfio_pci", .loaded = true, .probe = KERNEL_REFUSES, .vfio = true},
        {"vfio-pci", "vfio_pci", .loaded = true, .vfio = true},
        {},
};

START_TEST(each_attempt) {
        begin(refusing, "e1000e");
        ck_assert_int_eq(vfio_variant_device_bind(device, NULL, 0, &report), 0);
        assert_report(VFIO_VARIANT_RESULT_FALLBACK, "e1000e", "vfio-pci");
        assert_attempt(vfio_variant_report_get_attempt(report, 0), "nic_vfio_pci", -ENXIO, NONE,
                       NONE);
        assert_attempt(vfio_variant_report_get_attempt(report, 1), "intel_vfio_pci", -ENXIO, NONE,
                       NONE);
        assert_attempt(vfio_variant_report_get_attempt(report, 2), "vfio-pci", 0, NONE, NONE);
        ck_assert_ptr_null(vfio_variant_report_get_attempt(report, 3));
        end();
}
END_TEST

/* A driver that the caller names has no fallback. */
START_TEST(named_driver_fails) {
        begin(refusing, "e1000e");
        ck_assert_int_eq(vfio_variant_device_bind(device, "intel_vfio_pci", 0, &report), -ENXIO);
        assert_report(VFIO_VARIANT_RESULT_ROLLED_BACK, "e1000e", "e1000e");
        assert_attempt(vfio_variant_report_get_attempt(report, 0), "intel_vfio_pci", -ENXIO, NONE,
                       NONE);
        ck_assert_ptr_null(vfio_variant_report_get_attempt(report, 1));
        end();
}
END_TEST

/* Called before the probe: another driver binds the device first. */
static void bind_other(void) {
        sys_hold(DEVICE, "e1000e");
}

START_TEST(other_driver_is_faster) {
        begin(refusing, NULL);
        kernel.before = bind_other;
        kernel.before_write = 2;
        ck_assert_int_eq(vfio_variant_device_bind(device, "nic_vfio_pci", 0, &report), -EBUSY);
        assert_attempt(vfio_variant_report_get_attempt(report, 0), "nic_vfio_pci", -EBUSY, NONE,
                       "e1000e");
        end();
}
END_TEST

START_TEST(previous_driver_is_lost) {
        static const struct kernel_driver drivers[] = {
                {"e1000e", "e1000e", .native = true, .loaded = true, .probe = KERNEL_REFUSES},
                {"nic_vfio_pci", "nic_vfio_pci", .loaded = true, .probe = KERNEL_REFUSES},
                {},
        };

        begin(drivers, "e1000e");
        ck_assert_int_eq(vfio_variant_device_bind(device, "nic_vfio_pci", 0, &report), -ENXIO);
        assert_report(VFIO_VARIANT_RESULT_NO_DRIVER, "e1000e", NONE);
        ck_assert_int_lt(vfio_variant_attempt_get_error(vfio_variant_report_get_restore(report)),
                         0);
        ck_assert_str_eq(
                said(vfio_variant_attempt_get_driver(vfio_variant_report_get_restore(report))),
                "e1000e");
        end();
}
END_TEST

/* --- guards --- */

START_TEST(guard_can_be_overridden) {
        begin(willing, "e1000e");
        ck_assert_int_eq(vfio_variant_device_check_guards(device), 0);
        ck_assert_str_eq(said(vfio_variant_device_get_finding(device)), NONE);
        ck_assert_int_eq(vfio_variant_device_can_force(device), 0);
        ck_assert_uint_eq(vfio_variant_device_get_unexamined(device), 0);
        scene_device(OTHER);
        sys_group(OTHER, "12");
        sys_hold(OTHER, "e1000e");
        ck_assert_int_eq(vfio_variant_device_check_guards(device), 1);
        ck_assert_str_eq(said(vfio_variant_device_get_finding(device)),
                         OTHER " is bound to e1000e");
        ck_assert_int_eq(vfio_variant_device_can_force(device), 1);
        ck_assert_int_eq(vfio_variant_device_check_use(device), 0);
        ck_assert_str_eq(said(vfio_variant_device_get_finding(device)), NONE);
        ck_assert_int_eq(vfio_variant_device_bind(device, NULL, VFIO_VARIANT_FLAG_DRY_RUN, &report),
                         -EBUSY);
        assert_report(VFIO_VARIANT_RESULT_REFUSED, "e1000e", "e1000e");
        ck_assert_str_eq(said(vfio_variant_report_get_finding(report)),
                         OTHER " is bound to e1000e");
        ck_assert_int_eq(vfio_variant_report_can_force(report), 1);
        report = vfio_variant_report_free(report);
        ck_assert_int_eq(
                vfio_variant_device_bind(
                        device, NULL, VFIO_VARIANT_FLAG_DRY_RUN | VFIO_VARIANT_FLAG_FORCE, &report),
                0);
        assert_report(VFIO_VARIANT_RESULT_POSSIBLE, "e1000e", "e1000e");
        ck_assert_str_eq(said(vfio_variant_report_get_finding(report)),
                         OTHER " is bound to e1000e");
        end();
}
END_TEST

/* What is kept of the host is not what the device is bound by. */
START_TEST(guards_keep_snapshot) {
        begin(willing, "e1000e");
        sys_file(SYS_ROOT DEVICE "/block/sda/dev", "8:0\n");
        sys_directory(SYS_ROOT DEVICE "/block/sda/holders");
        sys_link("/sys/class/block/sda", "../../devices/pci0000:00/" DEVICE "/block/sda");
        ck_assert_int_eq(vfio_variant_set_snapshot(context, 1), 0);
        ck_assert_int_eq(vfio_variant_device_check_guards(device), 0);
        ck_assert_int_eq(mount("/dev/sda", "/run", "tmpfs", 0, NULL), 0);
        ck_assert_int_eq(vfio_variant_device_check_guards(device), 0);
        ck_assert_int_eq(vfio_variant_device_bind(device, NULL, VFIO_VARIANT_FLAG_DRY_RUN, &report),
                         -EBUSY);
        ck_assert_str_eq(said(vfio_variant_report_get_finding(report)),
                         "/dev/sda is mounted on /run");
        ck_assert_int_eq(vfio_variant_set_snapshot(context, 1), 0);
        ck_assert_int_eq(vfio_variant_device_check_guards(device), 1);
        ck_assert_int_eq(umount("/run"), 0);
        ck_assert_int_eq(vfio_variant_device_check_guards(device), 1);
        ck_assert_int_eq(vfio_variant_set_snapshot(context, 0), 0);
        ck_assert_int_eq(vfio_variant_device_check_guards(device), 0);
        end();
}
END_TEST

/* The flag counts for a device whose tag is "force", and for no other. */
START_TEST(force_if_tagged) {
        unsigned flags = VFIO_VARIANT_FLAG_DRY_RUN | VFIO_VARIANT_FLAG_FORCE_IF_TAGGED;

        begin(willing, "e1000e");
        scene_device(OTHER);
        sys_group(OTHER, "12");
        sys_hold(OTHER, "e1000e");
        scene_database(DEVICE, sys_path("VFIO_VARIANT_DRIVER=nic_vfio_pci\nVFIO_VARIANT_BIND=%s\n",
                                        _i ? "force" : "1"));
        ck_assert_int_eq(vfio_variant_device_is_tagged(device), 1);
        ck_assert_int_eq(vfio_variant_device_bind(device, NULL, flags, &report), _i ? 0 : -EBUSY);
        end();
}
END_TEST

/* --- tags --- */

static const struct {
        const char *why, *database, *tag, *pin;
        int is_tagged;
} tag_rows[] = {
        {"unknown to udev", NULL, NONE, NONE, 0},
        {"no tag", "VFIO_VARIANT_DRIVER=vfio-pci\n", NONE, NONE, 0},
        {"tagged", "VFIO_VARIANT_DRIVER=vfio-pci\nVFIO_VARIANT_BIND=1\n", "1", NONE, 1},
        {"by force, pinned", "VFIO_VARIANT_BIND=force\nVFIO_VARIANT_PIN=nic_vfio_pci\n", "force",
         "nic_vfio_pci", 1},
        {"undone", "VFIO_VARIANT_DRIVER=vfio-pci\nVFIO_VARIANT_BIND=0\n", "0", NONE, 0},
        {"invalid", "VFIO_VARIANT_DRIVER=vfio-pci\nVFIO_VARIANT_BIND=yes\n", NONE, NONE, 0},
        {"by an initramfs image", "VFIO_VARIANT_CLAIMED=1\nVFIO_VARIANT_BIND=1\n", NONE, NONE, 0},
};

START_TEST(tag) {
        const __typeof__(*tag_rows) *row = &tag_rows[_i];

        begin(willing, NULL);
        if (row->database)
                scene_database(DEVICE, row->database);
        assert_row(vfio_variant_device_is_tagged(device) == row->is_tagged, row);
        assert_row(!strcmp(said(vfio_variant_device_get_tag(device)), row->tag), row);
        assert_row(!strcmp(said(vfio_variant_device_get_pin(device)), row->pin), row);
        end();
}
END_TEST

static void note_tag(const char *place, const char *match, void *userdata) {
        ck_assert_str_eq(place, "/etc/udev/hwdb.d/61-local.hwdb:2");
        ck_assert_str_eq(match, "vfio-variant:*");
        (*(int *)userdata)++;
}

START_TEST(each_tag) {
        int n = 0;

        begin(willing, NULL);
        sys_cover("/etc");
        sys_file("/etc/udev/hwdb.d/61-local.hwdb", "# A record.\nvfio-variant:*\n"
                                                   " VFIO_VARIANT_BIND=1\n");
        ck_assert_int_eq(vfio_variant_device_each_tag(device, note_tag, &n), 0);
        ck_assert_int_eq(n, 1);
        end();
}
END_TEST

/* --- names --- */

START_TEST(names) {
        ck_assert_str_eq(vfio_variant_type_name(VFIO_VARIANT_TYPE_NATIVE), "native");
        ck_assert_str_eq(vfio_variant_evidence_name(VFIO_VARIANT_EVIDENCE_GUESS), "guess");
        ck_assert_str_eq(vfio_variant_origin_name(VFIO_VARIANT_ORIGIN_DATABASE), "database");
        ck_assert_str_eq(vfio_variant_verdict_name(VFIO_VARIANT_VERDICT_DEPENDENCY), "dependency");
        ck_assert_str_eq(vfio_variant_candidate_origin_name(VFIO_VARIANT_CANDIDATE_GENERIC),
                         "generic");
        ck_assert_str_eq(vfio_variant_rule_name(VFIO_VARIANT_RULE_NAME), "name");
        ck_assert_str_eq(vfio_variant_rule_name(VFIO_VARIANT_RULE_NAME + 1), "other");
        ck_assert_ptr_null(vfio_variant_type_name(-ENODEV));
}
END_TEST

static void add_cases(TCase *tcase) {
        tcase_add_test(tcase, bound);
        tcase_add_test(tcase, unbound);
        tcase_add_test(tcase, unbind_fails);
        tcase_add_test(tcase, no_native_driver);
        tcase_add_test(tcase, each_attempt);
        tcase_add_test(tcase, named_driver_fails);
        tcase_add_test(tcase, other_driver_is_faster);
        tcase_add_test(tcase, previous_driver_is_lost);
        tcase_add_test(tcase, guard_can_be_overridden);
        tcase_add_test(tcase, guards_keep_snapshot);
        tcase_add_loop_test(tcase, force_if_tagged, 0, 2);
        tcase_add_loop_test(tcase, tag, 0, N_ROWS(tag_rows));
        tcase_add_test(tcase, each_tag);
        tcase_add_test(tcase, names);
}

int main(void) {
        static const struct unit_case cases[] = {{"report", add_cases}, {}};

        return unit_run("library-report", cases);
}
