/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the library: a device that is pulled out between any two calls, and bad use. */
#include <errno.h>
#include <libudev.h>
#include <string.h>

#include "scene.h"

/* The strings come first, then the numbers, then what walks. */
#define N_STRINGS   ((int)VFIO_VARIANT_GROUP_CULPRIT + 1)
#define N_NUMBERS   ((int)VFIO_VARIANT_BREAKS_GROUP + 1)
#define N_QUESTIONS (N_STRINGS + N_NUMBERS + 6)

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
                r = vfio_variant_device_bind(device, NULL, VFIO_VARIANT_DRY_RUN, &report);
        else if (which == 1)
                r = vfio_variant_device_unbind(device, VFIO_VARIANT_DRY_RUN, &report);
        else
                r = vfio_variant_bind_devices(&device, 1, NULL, VFIO_VARIANT_DRY_RUN, &report);

        ck_assert_ptr_null(vfio_variant_report_free(report));
        return r;
}

static int ask(struct vfio_variant_device *device, int question) {
        const char *text;

        if (question < N_STRINGS)
                return vfio_variant_device_get_string(device, (enum vfio_variant_string)question,
                                                      &text);
        question -= N_STRINGS;
        if (question < N_NUMBERS)
                return number(device, (enum vfio_variant_number)question);
        switch (question - N_NUMBERS) {
        case 0:
                return vfio_variant_device_each_member(device, ignore, NULL);
        case 1:
                return vfio_variant_device_each_candidate(device, ignore_candidate, NULL);
        case 2:
                return vfio_variant_device_get_api(device);
        default:
                return act(device, question - N_NUMBERS - 3);
        }
}

/* What was noted as the device was opened, or when it was asked before, is told for ever. */
static bool may_be_told(int question, int n_asked) {
        bool answered = n_asked > (int)VFIO_VARIANT_ANSWER;

        if (question <= (int)VFIO_VARIANT_PHYSFN)
                return true;
        if (question <= (int)VFIO_VARIANT_ANSWER_FALLBACK ||
            question == N_STRINGS + (int)VFIO_VARIANT_ANSWER_ORIGIN ||
            question == N_STRINGS + N_NUMBERS + 1)
                return answered;
        return false;
}

static void check_gone(struct vfio_variant_device *device, int n_asked) {
        for (int i = 0; i < N_QUESTIONS; i++) {
                int r = ask(device, i);

                if (may_be_told(i, n_asked))
                        assert_often(r >= 0 || r == -ENODATA, "question %d: %d", i, r);
                else if (i >= N_STRINGS + N_NUMBERS + 3) /* they tell it if another is there */
                        assert_often(r == -ENODEV || r == -ESTALE, "question %d: %d", i, r);
                else
                        assert_often(r == -ENODEV, "question %d: %d", i, r);
        }
}

static void begin(void) {
        scene_enter();
        sys_folder("/sys/class/vfio-dev");
        sys_group(DEVICE, "12");
        sys_driver("vfio-pci", "vfio_pci");
        sys_hold(DEVICE, "vfio-pci");
        sys_file(FOLDER "/vfio-dev/vfio3/dev", "511:3\n");
        context = scene_context();
}

START_TEST(unplugged) {
        struct vfio_variant_device *device;

        begin();
        device = scene_open(context, DEVICE);
        for (int i = 0; i < _i; i++)
                (void)ask(device, i);
        scene_remove(DEVICE);
        check_gone(device, _i);
        /* Another device with its name does not answer for it */
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
        ck_assert_str_eq(said(device, VFIO_VARIANT_ANSWER), "some_vfio_pci");
        ck_assert_str_eq(said(device, VFIO_VARIANT_SYSPATH), FOLDER);
        ck_assert_str_eq(said(device, VFIO_VARIANT_SUBSYSTEM), "pci");
        ck_assert_str_eq(said(device, VFIO_VARIANT_PHYSFN), "-ENODATA");
        device = vfio_variant_device_unref(device);
        scene_remove(DEVICE);
        ck_assert_int_eq(vfio_variant_device_new_from_udev(context, udev_device, &device), -ENODEV);
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
        {"out of the folder", "../bus/pci", DEVICE, -EINVAL},
        {"the folder above", "pci", "..", -EINVAL},
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
        const char *text = NULL;

        begin();
        device = scene_open(context, DEVICE);
        ck_assert_ptr_null(vfio_variant_ref(NULL));
        ck_assert_ptr_null(vfio_variant_unref(NULL));
        ck_assert_ptr_null(vfio_variant_device_ref(NULL));
        ck_assert_ptr_null(vfio_variant_device_unref(NULL));
        ck_assert_ptr_null(vfio_variant_report_free(NULL));
        ck_assert_ptr_null(vfio_variant_monitor_free(NULL));
        ck_assert_int_eq(number(device, 99), -EINVAL);
        ck_assert_int_eq(vfio_variant_device_get_string(device, 99, &text), -EINVAL);
        ck_assert_ptr_null(text);
        /* The device keeps its context */
        ck_assert_ptr_eq(vfio_variant_device_ref(device), device);
        ck_assert_ptr_null(vfio_variant_unref(context));
        ck_assert_ptr_null(vfio_variant_device_unref(device));
        ck_assert_str_eq(said(device, VFIO_VARIANT_HOLDER), "vfio-pci");
        ck_assert_ptr_null(vfio_variant_device_unref(device));
}
END_TEST

static void add_cases(TCase *tcase) {
        tcase_add_loop_test(tcase, unplugged, 0, N_QUESTIONS + 1);
        tcase_add_test(tcase, from_udev);
        tcase_add_loop_test(tcase, subsystem_and_sysname, 0, N_ROWS(name_rows));
        tcase_add_test(tcase, bad_use);
}

int main(void) {
        static const struct unit_case cases[] = {{"unplug", add_cases}, {}};

        return unit_run("library-unplug", cases);
}
