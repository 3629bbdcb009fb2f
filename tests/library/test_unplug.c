/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the library: a device that is pulled out between any two calls, and bad use. */
#include <dlfcn.h>
#include <errno.h>
#include <libudev.h>
#include <string.h>
#include <sys/stat.h>

#include "scene.h"

static struct vfio_variant *context;

static int ignore(struct vfio_variant_device *device, void *userdata) {
        (void)device;
        (void)userdata;
        return 0;
}

static int ignore_candidate(const struct vfio_variant_candidate *candidate, void *userdata) {
        (void)candidate;
        (void)userdata;
        return 0;
}

static int act(struct vfio_variant_device *device, int which) {
        struct vfio_variant_report *report = NULL;
        int r;

        if (which == 0)
                r = vfio_variant_device_bind(device, NULL, VFIO_VARIANT_FLAG_DRY_RUN, &report);
        else if (which == 1)
                r = vfio_variant_device_unbind(device, VFIO_VARIANT_FLAG_DRY_RUN, &report);
        else
                r = vfio_variant_bind_devices(&device, 1, NULL, VFIO_VARIANT_FLAG_DRY_RUN, &report);

        ck_assert_ptr_null(vfio_variant_report_free(report));
        return r;
}

static int dry_bind(struct vfio_variant_device *device) {
        return act(device, 0);
}

static int dry_unbind(struct vfio_variant_device *device) {
        return act(device, 1);
}

static int dry_bind_devices(struct vfio_variant_device *device) {
        return act(device, 2);
}

static int each_member(struct vfio_variant_device *device) {
        return vfio_variant_device_each_member(device, ignore, NULL);
}

static int each_candidate(struct vfio_variant_device *device) {
        return vfio_variant_device_each_candidate(device, NULL, ignore_candidate, NULL);
}

static int choose(struct vfio_variant_device *device) {
        return vfio_variant_device_choose(device, NULL);
}

/* How long a question is answered once the device is removed. */
enum validity {
        ALWAYS, /* by what was noted when it was opened */
        CHOSEN, /* if a question of this kind was asked before */
        NEVER,
        STALE, /* never; -ESTALE if another device has its name */
};

static const struct question {
        enum validity validity;
        const char *(*get_const)(const struct vfio_variant_device *device);
        const char *(*get)(struct vfio_variant_device *device);
        int (*ask)(struct vfio_variant_device *device);
} questions[] = {
        {ALWAYS, .get_const = vfio_variant_device_get_sysname},
        {ALWAYS, .get_const = vfio_variant_device_get_syspath},
        {ALWAYS, .get_const = vfio_variant_device_get_subsystem},
        {ALWAYS, .get_const = vfio_variant_device_get_modalias},
        {ALWAYS, .get_const = vfio_variant_device_get_physfn},
        {ALWAYS, .get = vfio_variant_device_get_vendor},
        {ALWAYS, .get = vfio_variant_device_get_model},
        {NEVER, .get = vfio_variant_device_get_driver},
        {NEVER, .get = vfio_variant_device_get_driver_module},
        {NEVER, .get = vfio_variant_device_get_unbinding_driver},
        {NEVER, .ask = vfio_variant_device_get_unbinding_seconds},
        {NEVER, .get = vfio_variant_device_get_group_node},
        {NEVER, .get = vfio_variant_device_get_cdev_node},
        {NEVER, .get = vfio_variant_device_get_blocking_member},
        {NEVER, .ask = vfio_variant_device_get_type},
        {NEVER, .ask = vfio_variant_device_get_type_evidence},
        {NEVER, .ask = vfio_variant_device_is_ready},
        {NEVER, .ask = vfio_variant_device_must_reset},
        {NEVER, .ask = vfio_variant_device_is_unusable_nvme},
        {NEVER, .ask = vfio_variant_device_get_iommu_group},
        {NEVER, .ask = vfio_variant_device_has_no_iommu},
        {NEVER, .ask = vfio_variant_device_get_cdev_number},
        {NEVER, .ask = vfio_variant_device_is_group_viable},
        {NEVER, .ask = vfio_variant_device_is_blocking},
        {NEVER, .ask = vfio_variant_device_check_guards},
        {NEVER, .ask = vfio_variant_device_check_use},
        {NEVER, .ask = vfio_variant_device_get_api},
        {NEVER, .ask = each_member},
        {CHOSEN, .ask = choose},
        {CHOSEN, .get = vfio_variant_device_get_variant_driver},
        {CHOSEN, .get = vfio_variant_device_get_variant_module},
        {CHOSEN, .get = vfio_variant_device_get_variant_alias},
        {CHOSEN, .get = vfio_variant_device_get_fallback_driver},
        {CHOSEN, .ask = vfio_variant_device_get_variant_origin},
        {CHOSEN, .get = vfio_variant_device_get_tag},
        {CHOSEN, .get = vfio_variant_device_get_pin},
        {CHOSEN, .ask = each_candidate},
        {NEVER, .ask = vfio_variant_device_is_tagged},
        {STALE, .ask = dry_bind},
        {STALE, .ask = dry_unbind},
        {STALE, .ask = dry_bind_devices},
};

/* Returns 0 or more, or the negative errno. */
static int ask(struct vfio_variant_device *device, const struct question *question) {
        const char *text;

        if (question->ask)
                return question->ask(device);
        text = question->get ? question->get(device) : question->get_const(device);
        return text ? 0 : -errno;
}

/* The first N_ASKED questions were asked while the device was there. */
static bool may_be_answered(const struct question *question, int n_asked) {
        bool is_chosen = false;

        for (int i = 0; i < n_asked; i++)
                is_chosen = is_chosen || questions[i].validity == CHOSEN;
        return question->validity == ALWAYS || (question->validity == CHOSEN && is_chosen);
}

static void check_gone(struct vfio_variant_device *device, int n_asked) {
        for (int i = 0; i < N_ROWS(questions); i++) {
                int r = ask(device, &questions[i]);

                if (may_be_answered(&questions[i], n_asked))
                        assert_often(r >= 0 || r == -ENODATA, "question %d: %d", i, r);
                else if (questions[i].validity == STALE)
                        assert_often(r == -ENODEV || r == -ESTALE, "question %d: %d", i, r);
                else
                        assert_often(r == -ENODEV, "question %d: %d", i, r);
        }
}

static void begin(void) {
        scene_enter();
        sys_directory("/sys/class/vfio-dev");
        sys_group(DEVICE, "12");
        sys_driver("vfio-pci", "vfio_pci");
        sys_hold(DEVICE, "vfio-pci");
        sys_file(DIRECTORY "/vfio-dev/vfio3/dev", "511:3\n");
        context = scene_context();
}

START_TEST(unplugged) {
        struct vfio_variant_device *device;

        begin();
        device = scene_open(context, DEVICE);
        for (int i = 0; i < _i; i++)
                (void)ask(device, &questions[i]);
        scene_remove(DEVICE);
        check_gone(device, _i);
        /* Another device with its name does not choice for it */
        scene_device(DEVICE);
        check_gone(device, _i);
        (void)vfio_variant_device_unref(device);
        (void)vfio_variant_unref(context);
}
END_TEST

START_TEST(from_udev) {
        struct vfio_variant_device *device = NULL;
        struct udev_device *udev_device;
        struct udev *udev;

        begin();
        scene_database(DEVICE, "VFIO_VARIANT_DRIVER=some_vfio_pci\n");
        udev = udev_new();
        udev_device = udev_device_new_from_subsystem_sysname(udev, "pci", DEVICE);
        ck_assert_ptr_nonnull(udev_device);
        ck_assert_int_eq(vfio_variant_device_new_from_udev(context, udev_device, &device), 0);
        ck_assert_str_eq(said(vfio_variant_device_get_variant_driver(device)), "some_vfio_pci");
        ck_assert_str_eq(said(vfio_variant_device_get_syspath(device)), DIRECTORY);
        ck_assert_str_eq(said(vfio_variant_device_get_subsystem(device)), "pci");
        ck_assert_str_eq(said(vfio_variant_device_get_physfn(device)), "-ENODATA");
        device = vfio_variant_device_unref(device);
        scene_remove(DEVICE);
        ck_assert_int_eq(vfio_variant_device_new_from_udev(context, udev_device, &device), -ENODEV);
        ck_assert_ptr_null(device);
        (void)udev_device_unref(udev_device);
        (void)udev_unref(udev);
        (void)vfio_variant_unref(context);
}
END_TEST

/* At this call of stat(2) (from 1; 0: never), by which the library looks whether the device is
 * still there, it is removed. */
static int removed_at;

__attribute__((visibility("default"))) int stat(const char *path, struct stat *status) {
        int (*real)(const char *path, struct stat *status);

        *(void **)&real = dlsym(RTLD_NEXT, "stat");
        if (removed_at > 0 && --removed_at == 0)
                scene_remove(DEVICE);
        return real(path, status);
}

/* The device is removed after it was opened, and before its properties are read. */
START_TEST(removed_meanwhile) {
        struct vfio_variant_device *device = NULL;
        struct udev_device *udev_device;
        struct udev *udev;

        begin();
        scene_database(DEVICE, "VFIO_VARIANT_DRIVER=some_vfio_pci\n");
        udev = udev_new();
        udev_device = udev_device_new_from_subsystem_sysname(udev, "pci", DEVICE);
        removed_at = _i;
        ck_assert_int_eq(vfio_variant_device_new_from_udev(context, udev_device, &device), -ENODEV);
        ck_assert_int_eq(removed_at, 0);
        ck_assert_ptr_null(device);
        (void)udev_device_unref(udev_device);
        (void)udev_unref(udev);
        (void)vfio_variant_unref(context);
}
END_TEST

static const struct {
        const char *why, *subsystem, *sysname;
        int error;
} name_rows[] = {
        {"it is there", "pci", DEVICE, 0},
        {"it is not", "pci", "0000:77:00.0", -ENODEV},
        {"there is no such bus", "cdx", DEVICE, -ENODEV},
        {"out of the bus", "pci", "../../../devices/pci0000:00/" DEVICE, -EINVAL},
        {"out of the directory", "../bus/pci", DEVICE, -EINVAL},
        {"the directory above", "pci", "..", -EINVAL},
        {"nothing", "", "", -EINVAL},
        {"control characters", "pci", "\x1b[2J", -ENODEV},
};

START_TEST(subsystem_and_sysname) {
        const __typeof__(*name_rows) *row = &name_rows[_i];
        struct vfio_variant_device *device = NULL;

        begin();
        assert_row(vfio_variant_device_new_from_subsystem_sysname(
                           context, row->subsystem, row->sysname, &device) == row->error,
                   row);
        assert_row(!device == (row->error < 0), row);
        (void)vfio_variant_device_unref(device);
        (void)vfio_variant_unref(context);
}
END_TEST

START_TEST(bad_use) {
        struct vfio_variant_device *device;

        begin();
        device = scene_open(context, DEVICE);
        ck_assert_ptr_eq(vfio_variant_device_get_context(device), context);
        ck_assert_ptr_null(vfio_variant_ref(NULL));
        ck_assert_ptr_null(vfio_variant_unref(NULL));
        ck_assert_ptr_null(vfio_variant_device_ref(NULL));
        ck_assert_ptr_null(vfio_variant_device_unref(NULL));
        ck_assert_ptr_null(vfio_variant_report_free(NULL));
        ck_assert_ptr_null(vfio_variant_monitor_free(NULL));
        /* The device keeps its context */
        ck_assert_ptr_eq(vfio_variant_device_ref(device), device);
        ck_assert_ptr_null(vfio_variant_unref(context));
        ck_assert_ptr_null(vfio_variant_device_unref(device));
        ck_assert_str_eq(said(vfio_variant_device_get_driver(device)), "vfio-pci");
        ck_assert_ptr_null(vfio_variant_device_unref(device));
}
END_TEST

static void add_cases(TCase *tcase) {
        tcase_add_loop_test(tcase, unplugged, 0, N_ROWS(questions) + 1);
        tcase_add_test(tcase, from_udev);
        tcase_add_loop_test(tcase, removed_meanwhile, 1, 3);
        tcase_add_loop_test(tcase, subsystem_and_sysname, 0, N_ROWS(name_rows));
        tcase_add_test(tcase, bad_use);
}

int main(void) {
        static const struct unit_case cases[] = {{"unplug", add_cases}, {}};

        return unit_run("library-unplug", cases);
}
