/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* vfio_variant_bind claim: reserves tagged devices before native drivers are loaded. */
#include <errno.h>
#include <stdio.h>

#include "bind_report.h"
#include "choose_driver.h"
#include "cmdline.h"
#include "device_keys.h"
#include "device_object.h"
#include "device_properties.h"
#include "driver.h"
#include "messages.h"
#include "open_device.h"
#include "text.h"
#include "udev_commands.h"

static const char help[] =
        "claim [OPTION...]\n"
        "Reserve all tagged devices that are not bound to any driver, so that native\n"
        "drivers do not bind them. vfio-variant-claim.service runs it early at boot.\n"
        "\n"
        "  -n, --dry-run  Print what would be done, and change nothing\n"
        "  -h, --help     Print this help\n";

struct claim {
        int status;
        bool dry_run;
        unsigned n_tagged, n_done; /* done: claimed, or an error was reported */
};

/* --dry-run. DEVICE has its choice. */
static int pretend(struct vfio_variant_device *device, struct claim *claim) {
        const char *driver = vfio_variant_device_get_property(device, PROPERTY_DRIVER);
        char override[DRIVER_SIZE];

        if (device_override(device->handle.fd, override) >= 0 && streq(override, driver))
                return EXIT_SUCCESS;
        claim->n_done++;
        (void)printf("%s: would be claimed for %s\n", vfio_variant_device_get_sysname(device),
                     driver);
        return EXIT_SUCCESS;
}

static int claim_device(struct vfio_variant_device *device, struct claim *claim) {
        _cleanup_(vfio_variant_report_freep) struct vfio_variant_report *report = NULL;
        /* The driver is not loaded yet. If it does not exist, as in an initramfs image, there is
         * nothing to wait for: an override without its driver leaves the device without any */
        int r = vfio_variant_device_look_up(device, NULL);

        if (r < 0) {
                claim->n_done++;
                report_choice_error(vfio_variant_device_get_context(device), device, NULL, r);
                return r == -ENODATA ? EXIT_SUCCESS : EXIT_FAILURE;
        }
        if (claim->dry_run)
                return pretend(device, claim);
        r = vfio_variant_device_claim(device, &report);
        if (r < 0 || vfio_variant_report_get_result(report) != VFIO_VARIANT_RESULT_ALREADY)
                claim->n_done++;
        return outcome_of_claim(device, report, r);
}

static bool has_driver(struct vfio_variant_device *device) {
        return vfio_variant_device_get_type(device) != VFIO_VARIANT_TYPE_NONE;
}

static int claim_if_tagged(struct vfio_variant_device *device, void *userdata) {
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
                        claim->status = worst_status(claim->status, claim_device(device, claim));
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

static int run_claim(struct vfio_variant *context, const struct options *options) {
        struct claim claim = {.status = EXIT_SUCCESS, .dry_run = options->dry_run};
        int status;

        if (cmdline_disables_rules()) {
                print_notice("Nothing to do: vfio_variant=off is on the kernel command line.\n");
                return EXIT_SUCCESS;
        }
        status = each_device(context, claim_if_tagged, &claim);
        if (worst_status(status, claim.status) == EXIT_SUCCESS && claim.n_done == 0)
                report_nothing_done(&claim);
        return worst_status(status, claim.status);
}

const struct command command_claim = {
        .name = "claim",
        .help = help,
        .argument = "DEVICE",
        .options = {OPTION_DRY_RUN},
        .run = run_claim,
};
