/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* vfio-variant claim: tagged devices are kept from native drivers, before these come. */
#include <errno.h>

#include "bind_report.h"
#include "choose_driver.h"
#include "commands.h"
#include "device_bind.h"
#include "device_choice.h"
#include "device_keys.h"
#include "messages.h"
#include "open_device.h"

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

struct claim {
        int status;
        unsigned n_tagged, n_done; /* DONE: claimed, or reported that it is not */
};

static int claim_it(struct vfio_variant_device *device, struct claim *claim) {
        _cleanup_(vfio_variant_report_freep) struct vfio_variant_report *report = NULL;
        /* The driver is not loaded yet. If it does not exist, as in an initramfs image, there is
         * nothing to wait for: an override without its driver leaves the device without any */
        int r = vfio_variant_device_look_up(device, NULL);

        if (r < 0) {
                claim->n_done++;
                report_choice_error(vfio_variant_device_get_context(device), device, NULL, r);
                return r == -ENODATA ? EXIT_SUCCESS : EXIT_FAILURE;
        }
        r = vfio_variant_device_claim(device, &report);
        if (r < 0 || vfio_variant_report_get_result(report) != VFIO_VARIANT_RESULT_ALREADY)
                claim->n_done++;
        return outcome_of_claim(device, report, r);
}

static bool has_driver(struct vfio_variant_device *device) {
        return vfio_variant_device_get_type(device) != VFIO_VARIANT_TYPE_NONE;
}

static int visit(struct vfio_variant_device *device, void *userdata) {
        struct claim *claim = userdata;
        int r;

        log_set_device(device);
        r = vfio_variant_device_read_tag(device);
        if (r < 0) {
                log_error("cannot read the hwdb: ", log_errno(r), "; ", advise_error(r));
                claim->status = EXIT_FAILURE;
        } else if (r > 0) {
                claim->n_tagged++;
                if (!has_driver(device))
                        claim->status = worst_status(claim->status, claim_it(device, claim));
        }
        log_set_device(NULL);
        return 0;
}

static void report_nothing_done(const struct claim *claim) {
        if (claim->n_tagged == 0)
                print_notice("No device is tagged.\n");
        else
                print_notice("Nothing to do: each tagged device has a driver or is claimed.\n");
}

static int run(struct vfio_variant *context, const struct options *options) {
        struct claim claim = {.status = EXIT_SUCCESS};
        int r;

        if (*options->devices)
                return refuse_usage("claim takes no DEVICE: it is for all that are tagged");
        r = vfio_variant_each_device(context, visit, &claim);
        if (r == 0 && claim.status == EXIT_SUCCESS && claim.n_done == 0)
                report_nothing_done(&claim);
        if (r == 0)
                return claim.status;
        log_error("cannot list the devices: ", log_errno(r), "; see that /sys is mounted");
        return EXIT_FAILURE;
}

const struct command command_claim = {"claim", help, known, run};
