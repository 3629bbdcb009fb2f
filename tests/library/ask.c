/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Asks the library all that it knows of a device: ask SYSNAME [TIMES]
 *
 * Prints NAME=VALUE, "-" and the errno's name for none; with TIMES that often, with all objects
 * again, and prints it the last time. The exit status is 3 where the device could not be opened.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vfio-variant.h"

static const struct {
        const char *name;
        const char *(*get)(const struct vfio_variant_device *device);
} identity[] = {
        {"sysname", vfio_variant_device_get_sysname},
        {"syspath", vfio_variant_device_get_syspath},
        {"subsystem", vfio_variant_device_get_subsystem},
        {"modalias", vfio_variant_device_get_modalias},
        {"physfn", vfio_variant_device_get_physfn},
};

static const struct {
        const char *name;
        const char *(*get)(struct vfio_variant_device *device);
} strings[] = {
        {"variant", vfio_variant_device_get_variant_driver},
        {"module", vfio_variant_device_get_variant_module},
        {"alias", vfio_variant_device_get_variant_alias},
        {"fallback", vfio_variant_device_get_fallback_driver},
        {"tag", vfio_variant_device_get_tag},
        {"pin", vfio_variant_device_get_pin},
        {"driver", vfio_variant_device_get_driver},
        {"driver-module", vfio_variant_device_get_driver_module},
        {"unbinding-driver", vfio_variant_device_get_unbinding_driver},
        {"group-node", vfio_variant_device_get_group_node},
        {"cdev-node", vfio_variant_device_get_cdev_node},
        {"blocking-member", vfio_variant_device_get_blocking_member},
        {"vendor", vfio_variant_device_get_vendor},
        {"model", vfio_variant_device_get_model},
};

static const struct {
        const char *name;
        int (*get)(struct vfio_variant_device *device);
} numbers[] = {
        {"origin", vfio_variant_device_get_variant_origin},
        {"type", vfio_variant_device_get_type},
        {"evidence", vfio_variant_device_get_type_evidence},
        {"ready", vfio_variant_device_is_ready},
        {"unbinding-seconds", vfio_variant_device_get_unbinding_seconds},
        {"reset", vfio_variant_device_must_reset},
        {"unusable", vfio_variant_device_is_unusable_nvme},
        {"group", vfio_variant_device_get_iommu_group},
        {"no-iommu", vfio_variant_device_has_no_iommu},
        {"cdev", vfio_variant_device_get_cdev_number},
        {"viable", vfio_variant_device_is_group_viable},
        {"blocking", vfio_variant_device_is_blocking},
        {"guards", vfio_variant_device_check_guards},
        {"use", vfio_variant_device_check_use},
        {"api", vfio_variant_device_get_api},
};

static bool is_loud;

static void print(const char *name, int r, const char *text) {
        if (!is_loud)
                return;
        if (r < 0)
                printf("%s=-%s\n", name, strerrorname_np(-r));
        else if (text)
                printf("%s=%s\n", name, text);
        else
                printf("%s=%d\n", name, r);
}

static int on_candidate(const struct vfio_variant_candidate *candidate, void *userdata) {
        (void)userdata;
        print("candidate", 0, vfio_variant_candidate_get_module(candidate));
        print("  why", 0, vfio_variant_candidate_get_reason(candidate));
        return 0;
}

static int on_member(struct vfio_variant_device *member, void *userdata) {
        (void)userdata;
        print("member", 0, vfio_variant_device_get_sysname(member));
        return 0;
}

static void print_string(const char *name, const char *text) {
        print(name, text ? 0 : -errno, text);
}

static void ask(struct vfio_variant_device *device) {
        struct vfio_variant_report *report = NULL;

        for (size_t i = 0; i < sizeof(identity) / sizeof(identity[0]); i++)
                print_string(identity[i].name, identity[i].get(device));
        for (size_t i = 0; i < sizeof(strings) / sizeof(strings[0]); i++)
                print_string(strings[i].name, strings[i].get(device));
        for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
                print(numbers[i].name, numbers[i].get(device), NULL);
        print("members", vfio_variant_device_each_member(device, on_member, NULL), NULL);
        print("candidates", vfio_variant_device_each_candidate(device, NULL, on_candidate, NULL),
              NULL);
        print("dry-run",
              vfio_variant_device_bind(
                      device, NULL, VFIO_VARIANT_FLAG_DRY_RUN | VFIO_VARIANT_FLAG_FORCE, &report),
              NULL);
        (void)vfio_variant_report_free(report);
}

static void on_log(int priority, const char *message, void *userdata) {
        (void)priority;
        (void)userdata;
        if (is_loud)
                (void)fprintf(stderr, "%s\n", message);
}

static int ask_once(const char *sysname) {
        struct vfio_variant *context = NULL;
        struct vfio_variant_device *device = NULL;
        int r = vfio_variant_new(&context);

        if (r < 0)
                return r;
        vfio_variant_set_log(context, on_log, NULL);
        r = vfio_variant_device_new(context, sysname, &device);
        print("open", r, NULL);
        if (r >= 0)
                ask(device);
        (void)vfio_variant_device_unref(device);
        (void)vfio_variant_unref(context);
        return r;
}

int main(int argc, char **argv) {
        unsigned long times = argc > 2 ? strtoul(argv[2], NULL, 10) : 1;
        int r = -EINVAL;

        while (argc > 1 && times-- > 0) {
                is_loud = times == 0;
                r = ask_once(argv[1]);
        }
        return r < 0 ? 3 : EXIT_SUCCESS;
}
