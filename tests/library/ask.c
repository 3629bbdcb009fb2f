/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Asks the library all that it knows of a device: ask SYSNAME [TIMES]
 *
 * Prints NAME=VALUE, "-" and the errno's name for none; with TIMES that often, with all objects
 * anew, and prints it the last time. The exit status is 3 where the device could not be opened.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vfio-variant.h"

static const char *const strings[] = {
        "sysname", "syspath",  "subsystem", "modalias",      "physfn",     "answer",    "module",
        "alias",   "fallback", "holder",    "holder-module", "group-node", "cdev-node", "culprit"};
static const char *const numbers[] = {"origin", "type",     "evidence", "ready",  "reset", "stray",
                                      "group",  "no-iommu", "cdev",     "viable", "breaks"};

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
        print("candidate", 0,
              vfio_variant_candidate_get_string(candidate, VFIO_VARIANT_CANDIDATE_MODULE));
        print("  why", 0,
              vfio_variant_candidate_get_string(candidate, VFIO_VARIANT_CANDIDATE_REASON));
        return 0;
}

static int on_member(struct vfio_variant_device *member, void *userdata) {
        const char *sysname = NULL;
        int r = vfio_variant_device_get_string(member, VFIO_VARIANT_SYSNAME, &sysname);

        (void)userdata;
        print("member", r, sysname);
        return 0;
}

static void ask(struct vfio_variant_device *device) {
        struct vfio_variant_report *report = NULL;

        for (size_t i = 0; i < sizeof(strings) / sizeof(strings[0]); i++) {
                const char *text = NULL;
                int r = vfio_variant_device_get_string(device, (enum vfio_variant_string)i, &text);

                print(strings[i], r, text);
        }
        for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
                print(numbers[i],
                      vfio_variant_device_get_number(device, (enum vfio_variant_number)i), NULL);
        print("api", vfio_variant_device_get_api(device), NULL);
        print("members", vfio_variant_device_each_member(device, on_member, NULL), NULL);
        print("candidates", vfio_variant_device_each_candidate(device, on_candidate, NULL), NULL);
        print("dry-run",
              vfio_variant_device_bind(device, NULL, VFIO_VARIANT_DRY_RUN | VFIO_VARIANT_FORCE,
                                       &report),
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
