/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* vfio-variant unbind: devices back to their native driver. */
#include <errno.h>

#include "bind_report.h"
#include "choose_driver.h"
#include "commands.h"
#include "device_set.h"
#include "messages.h"
#include "open_device.h"
#include "terminal.h"

static const char help[] =
        "Usage: vfio-variant unbind [OPTION...] DEVICE...\n"
        "Give each DEVICE back to its native driver, which is loaded if need be.\n"
        "\n" HELP_DEVICE "\n"
        "  --group  each DEVICE with all of its IOMMU group that a guest can have; if\n"
        "           one of them is in use, nothing is done\n"
        "  --help   print this text\n"
        "\n"
        "See vfio-variant(8).\n";

static const struct option known[] = {
        {"group", no_argument, NULL, OPTION_GROUP},
        {"help", no_argument, NULL, OPTION_HELP},
        {},
};

static int ignore(const struct vfio_variant_candidate *candidate, void *userdata) {
        (void)candidate;
        (void)userdata;
        return 0;
}

/* Without a module index the module of a native driver cannot be found: that is an error. */
static int check_index(struct vfio_variant *context, struct vfio_variant_device *device,
                       const struct vfio_variant_report *report) {
        if (!report || vfio_variant_report_get_result(report) != VFIO_VARIANT_RESULT_NO_DRIVER ||
            vfio_variant_device_each_candidate(device, NULL, ignore, NULL) != -ENOENT)
                return EXIT_SUCCESS;
        report_choice_error(context, device, NULL, -ENOENT);
        return EXIT_FAILURE;
}

/* Says what came of it; of a dry run only what prevents it. */
static int unbind_device(struct vfio_variant *context, struct vfio_variant_device *device,
                         bool dry_run) {
        _cleanup_(vfio_variant_report_freep) struct vfio_variant_report *report = NULL;
        int r, status;

        log_set_device(device);
        terminal_show_progress("unbinding...");
        r = vfio_variant_device_unbind(device, dry_run ? VFIO_VARIANT_FLAG_DRY_RUN : 0, &report);
        terminal_show_progress(NULL);
        if (dry_run && r >= 0)
                return EXIT_SUCCESS;
        status = outcome_of_unbind(device, report, r);
        return status == EXIT_SUCCESS ? check_index(context, device, report) : status;
}

static int unbind_set(struct vfio_variant *context, const struct device_set *set, bool dry_run) {
        int status = EXIT_SUCCESS;

        for (unsigned i = 0; i < set->n; i++)
                status = worst_status(status, unbind_device(context, set->devices[i], dry_run));
        return status;
}

/* A group that is only partly on VFIO serves neither the guest nor the host. */
static int unbind_group(struct vfio_variant *context, struct vfio_variant_device *device) {
        _cleanup_(device_set_done) struct device_set set = {};
        int r = device_set_add_group(&set, device), status;

        if (r < 0)
                return report_open_error(vfio_variant_device_get_sysname(device), r);
        status = unbind_set(context, &set, true);
        return status == EXIT_SUCCESS ? unbind_set(context, &set, false) : status;
}

static int unbind_named(struct vfio_variant *context, const char *name,
                        const struct options *options) {
        _cleanup_(vfio_variant_device_unrefp) struct vfio_variant_device *device = NULL;
        int status = open_named(context, name, &device);

        if (status == EXIT_SUCCESS)
                status = options->group ? unbind_group(context, device)
                                        : unbind_device(context, device, false);
        log_set_device(NULL);
        return status;
}

static int run(struct vfio_variant *context, const struct options *options) {
        int status = EXIT_SUCCESS;

        if (!*options->devices)
                return refuse_usage("name at least one DEVICE");
        for (char **name = options->devices; *name; name++)
                status = worst_status(status, unbind_named(context, *name, options));
        return status;
}

const struct command command_unbind = {"unbind", help, known, run};
