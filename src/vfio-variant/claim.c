/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* vfio-variant claim: tagged devices are kept from native drivers, before these come. */
#include <errno.h>

#include "choose.h"
#include "named.h"
#include "outcome.h"
#include "tell.h"
#include "verbs.h"
#include "vfio-variant-tag.h"

static const char help[] =
        "Usage: vfio-variant claim\n"
        "Have native drivers leave all tagged devices alone that no driver holds yet.\n"
        "vfio-variant-claim.service runs it early at boot.\n"
        "\n"
        "  --help  print this text\n"
        "\n"
        "See vfio-variant(8).\n";

static const struct option known[] = {
        {"help", no_argument, NULL, OPTION_HELP},
        {},
};

static int claim_it(struct vfio_variant_device *device) {
        _cleanup_(vfio_variant_report_freep) struct vfio_variant_report *report = NULL;
        int r;

        /* Nobody has loaded it yet; what is not there, as in an initramfs image, can't be waited
         * for: an override without its driver leaves the device without any */
        r = vfio_variant_device_look_up(device, NULL);
        if (r < 0) {
                choose_tell(device, NULL, r);
                return r == -ENODATA || r == -ENOENT ? EXIT_DONE : EXIT_TROUBLE;
        }
        r = vfio_variant_device_claim(device, &report);
        return outcome_of_claim(device, report, r);
}

static int visit(struct vfio_variant_device *device, void *userdata) {
        int *status = userdata, r;

        tell_about(device);
        r = vfio_variant_device_read_tag(device);
        if (r < 0) {
                log_error("cannot read the hwdb: ", error_text(r), "; ", advice(r));
                *status = EXIT_TROUBLE;
        } else if (r > 0 && vfio_variant_device_get_number(device, VFIO_VARIANT_TYPE) ==
                                    VFIO_VARIANT_TYPE_NONE)
                *status = worse(*status, claim_it(device));
        tell_about(NULL);
        return 0;
}

static int run(struct vfio_variant *context, const struct options *options) {
        int status = EXIT_DONE, r;

        if (*options->devices)
                return refuse_usage("claim takes no DEVICE: it is for all that are tagged");
        r = vfio_variant_each_device(context, visit, &status);
        if (r == 0)
                return status;
        log_error("cannot list the devices: ", error_text(r), "; see that /sys is mounted");
        return EXIT_TROUBLE;
}

const struct verb verb_claim = {"claim", help, known, run};
