/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* vfio-variant unbind: devices back to their native driver. */
#include <errno.h>

#include "choose.h"
#include "named.h"
#include "outcome.h"
#include "screen.h"
#include "tell.h"
#include "verbs.h"
#include "vfio-variant-check.h"

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

/* A device without a driver: there is a native one perhaps, and no index to find its module by. */
static int check_index(struct vfio_variant *context, const struct vfio_variant_device *device,
                       const struct vfio_variant_report *report) {
        const char *file;
        int r;

        if (!report || vfio_variant_report_get_number(report, VFIO_VARIANT_REPORT_RESULT) !=
                               VFIO_VARIANT_NOBODY)
                return EXIT_DONE;
        r = vfio_variant_check_index(context, &file);
        if (r != -ENOENT && r != -ENODATA)
                return EXIT_DONE;
        choose_tell(device, NULL, -ENOENT);
        return EXIT_TROUBLE;
}

static int unbind_named(struct vfio_variant *context, const char *name) {
        _cleanup_(vfio_variant_device_unrefp) struct vfio_variant_device *device = NULL;
        _cleanup_(vfio_variant_report_freep) struct vfio_variant_report *report = NULL;
        int status = named_open(context, name, &device), r;

        if (status == EXIT_DONE) {
                screen_show_progress("unbinding...");
                r = vfio_variant_device_unbind(device, 0, &report);
                screen_show_progress(NULL);
                status = outcome_of_unbind(device, report, r);
                if (status == EXIT_DONE)
                        status = check_index(context, device, report);
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
