/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* vfio-variant unbind: devices back to their native driver. */
#include "named.h"
#include "outcome.h"
#include "screen.h"
#include "tell.h"
#include "verbs.h"

static const char help[] =
        "Usage: vfio-variant unbind DEVICE...\n"
        "Give each DEVICE back to its native driver, which is loaded if need be.\n"
        "\n" HELP_DEVICE "\n"
        "  --help  print this text\n"
        "\n"
        "See vfio-variant(8).\n";

static const struct option known[] = {
        {"help", no_argument, NULL, OPTION_HELP},
        {},
};

static int unbind_named(struct vfio_variant *context, const char *name) {
        _cleanup_(vfio_variant_device_unrefp) struct vfio_variant_device *device = NULL;
        _cleanup_(vfio_variant_report_freep) struct vfio_variant_report *report = NULL;
        int status = named_open(context, name, &device), r;

        if (status == EXIT_DONE) {
                screen_show_progress("unbinding...");
                r = vfio_variant_device_unbind(device, 0, &report);
                screen_show_progress(NULL);
                status = outcome_of_unbind(device, report, r);
        }
        tell_about(NULL);
        return status;
}

static int run(struct vfio_variant *context, const struct options *options) {
        int status = EXIT_DONE;

        if (!*options->devices)
                return refuse_usage("name at least one DEVICE");
        for (char **name = options->devices; *name; name++)
                status = worse(status, unbind_named(context, *name));
        return status;
}

const struct verb verb_unbind = {"unbind", help, known, run};
