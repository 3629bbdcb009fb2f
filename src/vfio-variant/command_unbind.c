/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* vfio-variant unbind: binds devices to their native driver again. */
#include <errno.h>

#include "bind_report.h"
#include "choose_driver.h"
#include "commands.h"
#include "device_set.h"
#include "messages.h"
#include "terminal.h"
#include "watch.h"

static const char help[] =
        "unbind [OPTION...] DEVICE...\n"
        "Bind each DEVICE to its native driver again, which is loaded if necessary.\n"
        "\n" HELP_DEVICE "\n"
        "      --group    Unbind each DEVICE with all members of its IOMMU group that can\n"
        "                 be assigned to a guest; if one is in use, none is unbound\n"
        "  -n, --dry-run  Print what would be done, and change nothing\n"
        "  -h, --help     Print this help\n";

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

struct operation {
        struct vfio_variant *context;
        struct vfio_variant_device *device;
        unsigned flags; /* enum vfio_variant_flags */
        bool is_quiet;  /* only what prevents it is reported */
};

static int run_operation(void *userdata) {
        _cleanup_(vfio_variant_report_freep) struct vfio_variant_report *report = NULL;
        const struct operation *operation = userdata;
        struct vfio_variant_device *device = operation->device;
        int r, status;

        log_set_device(device);
        r = vfio_variant_device_unbind(device, operation->flags, &report);
        terminal_show_progress(NULL);
        if (operation->is_quiet && r >= 0)
                return EXIT_SUCCESS;
        status = outcome_of_unbind(device, report, r);
        return status == EXIT_SUCCESS ? check_index(operation->context, device, report) : status;
}

static int unbind_device(struct vfio_variant *context, struct vfio_variant_device *device,
                         unsigned flags, bool is_quiet) {
        const struct device_set set = {&device, 1};
        struct operation operation = {context, device, flags, is_quiet};
        int status;

        terminal_show_progress("unbinding...");
        status = run_watched(&(struct watched){
                .set = &set,
                .what = "unbind",
                .run = run_operation,
                .userdata = &operation,
                .limit = flags & VFIO_VARIANT_FLAG_DRY_RUN ? LIMIT_DRY_RUN : LIMIT_COMMAND,
        });
        terminal_show_progress(NULL);
        return status;
}

static int unbind_set(struct vfio_variant *context, const struct device_set *set, unsigned flags,
                      bool is_quiet) {
        int status = EXIT_SUCCESS;

        for (unsigned i = 0; i < set->n; i++)
                status = worst_status(status,
                                      unbind_device(context, set->devices[i], flags, is_quiet));
        return status;
}

/* Of a group all or none: a partly bound group can be used by neither the guest nor the host. */
static int unbind_named(struct vfio_variant *context, const char *name,
                        const struct options *options) {
        _cleanup_(device_set_done) struct device_set set = {};
        int status = device_set_add_named(&set, context, name, options->group);

        if (status == EXIT_SUCCESS && options->group && !options->dry_run)
                status = unbind_set(context, &set, VFIO_VARIANT_FLAG_DRY_RUN, true);
        if (status == EXIT_SUCCESS)
                status = unbind_set(context, &set, options->dry_run ? VFIO_VARIANT_FLAG_DRY_RUN : 0,
                                    false);
        log_set_device(NULL);
        return status;
}

static int run_unbind(struct vfio_variant *context, const struct options *options) {
        int status = EXIT_SUCCESS;

        for (char **name = options->devices; *name; name++)
                status = worst_status(status, unbind_named(context, *name, options));
        return status;
}

const struct command command_unbind = {
        .name = "unbind",
        .help = help,
        .argument = "DEVICE",
        .options = {OPTION_GROUP, OPTION_DRY_RUN},
        .min_arguments = 1,
        .max_arguments = ARGUMENTS_ANY,
        .run = run_unbind,
};
