/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* vfio-variant check: reports problems of the host and of devices, and remedies. */
#include "check.h"

#include <stdio.h>

#include "commands.h"
#include "identity.h"
#include "messages.h"
#include "open_device.h"

static const char help[] =
        "check [OPTION...] [DEVICE...]\n"
        "Report what prevents devices from being bound or assigned to a guest, and what\n"
        "to do. Checks the host and each DEVICE, or without a DEVICE all devices that are\n"
        "tagged or bound to a VFIO driver.\n"
        "\n" HELP_DEVICE
        "The exit status is 0 without warnings and errors, 4 with a warning, 5 with an\n"
        "error.\n"
        "\n"
        "      --json[=pretty|short]  Print JSON, indented or on one line\n"
        "  -h, --help                 Print this help\n";

/* Adds a warning of the library, unless it is reported as another finding. */
static void add_warning(int priority, const char *message, void *userdata) {
        struct check *check = userdata;

        (void)priority;
        if (check->is_reading_tag) {
                findings_add(&check->findings, SEVERITY_WARNING, "tag", NULL, "%s", message);
                findings_advise(&check->findings, "correct it there, and " CHECK_COMPILE,
                                hwdb_compile_command());
        } else if (!check->findings.device) {
                findings_add(&check->findings, SEVERITY_WARNING, "device",
                             "check its files with `ls -l`", "%s", message);
        }
}

static void check_done(struct check *check) {
        findings_done(&check->findings);
        boot_image_done(&check->image);
        libvirt_done(&check->libvirt);
}

static void add_not_for_guests(struct check *check, const char *what) {
        findings_add(&check->findings, SEVERITY_NOTE, "choice", "name another device",
                     "it is %s, which cannot be assigned to a guest", what);
}

static void check_subject(struct check *check, const struct subject *subject) {
        const char *what = identity_not_for_guests(subject->device);

        check->n_devices++;
        if (what) {
                add_not_for_guests(check, what);
                return;
        }
        if (check_unbinding(check, subject))
                return;
        check_choice(check, subject);
        check_database(check, subject);
        check_group(check, subject);
        check_binding(check, subject);
        check_libvirt(check, subject);
        check_image(check, subject);
}

static void check_device(struct check *check, struct vfio_variant_device *device, bool is_named) {
        struct subject subject;

        check->findings.device = vfio_variant_device_get_sysname(device);
        subject_read(check, device, &subject);
        /* A device that is not for a guest may have been left without a driver after use by a guest
         */
        if (is_named || subject_is_for_guest(&subject))
                check_subject(check, &subject);
        else
                check_unbound_nvme(check, &subject);
        check->findings.device = NULL;
}

static int check_named(struct check *check, const char *name) {
        _cleanup_(vfio_variant_device_unrefp) struct vfio_variant_device *device = NULL;
        int status = open_named(check->context, name, &device);

        if (status == EXIT_SUCCESS)
                check_device(check, device, true);
        log_set_device(NULL);
        return status;
}

static int check_one(struct vfio_variant_device *device, void *userdata) {
        check_device(userdata, device, false);
        return 0;
}

static int check_all(struct check *check) {
        (void)vfio_variant_set_snapshot(check->context, true); /* else it only takes longer */
        return each_device(check->context, check_one, check);
}

static int status_of(const struct findings *findings) {
        if (findings_count(findings, SEVERITY_ERROR) > 0)
                return EXIT_ERRORS;
        return findings_count(findings, SEVERITY_WARNING) > 0 ? EXIT_WARNINGS : EXIT_SUCCESS;
}

/* Completes the line with the number of findings. */
static void print_scope(const struct check *check, const struct options *options) {
        if (check->n_devices > 0)
                (void)printf("; checked the host and %zu device%s\n", check->n_devices,
                             check->n_devices == 1 ? "" : "s");
        else if (*options->devices)
                (void)printf("; checked the host and no device\n");
        else
                (void)printf("; no device is tagged or bound to a VFIO driver\n");
}

static void print_findings(const struct check *check, const struct options *options) {
        if (options->json) {
                findings_print_json(&check->findings, options->json);
                return;
        }
        findings_print(&check->findings);
        print_scope(check, options);
}

static int run_check(struct vfio_variant *context, const struct options *options) {
        _cleanup_(check_done) struct check check = {.context = context};
        int status = EXIT_SUCCESS;

        check_host(&check);
        vfio_variant_set_log(context, add_warning, &check);
        if (!*options->devices)
                status = check_all(&check);
        for (char **name = options->devices; *name; name++)
                status = worst_status(status, check_named(&check, *name));
        if (status == EXIT_USAGE) /* the last line says so */
                return status;
        if (!*options->devices)
                check_untagged_image(&check);
        findings_order(&check.findings);
        print_findings(&check, options);
        return worst_status(status, status_of(&check.findings));
}

const struct command command_check = {
        .name = "check",
        .help = help,
        .argument = "DEVICE",
        .options = {OPTION_JSON},
        .max_arguments = ARGUMENTS_ANY,
        .run = run_check,
};
