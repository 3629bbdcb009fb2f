/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* vfio-variant bind: devices to their VFIO driver. */
#include <errno.h>
#include <stdlib.h>

#include "choose.h"
#include "named.h"
#include "outcome.h"
#include "screen.h"
#include "tell.h"
#include "text.h"
#include "verbs.h"

static const char help[] =
        "Usage: vfio-variant bind [OPTION...] DEVICE...\n"
        "       vfio-variant bind --tagged [OPTION...] [DEVICE...]\n"
        "Bind each DEVICE to the VFIO driver that fits it best.\n"
        "\n" HELP_DEVICE "\n"
        "  --driver=NAME  this driver or module, and no other\n"
        "  --force        although a guard says no, where that yields to force\n"
        "  --dry-run      tell what would be done, and what speaks against it\n"
        "  --tagged       only where VFIO_VARIANT_BIND is 1 or force in the udev\n"
        "                 database; without a DEVICE all is taken from the environment,\n"
        "                 as udev's rules call it\n"
        "  --help         print this text\n"
        "\n"
        "See vfio-variant(8).\n";

static const struct option known[] = {
        {"driver", required_argument, NULL, OPTION_DRIVER},
        {"force", no_argument, NULL, OPTION_FORCE},
        {"dry-run", no_argument, NULL, OPTION_DRY_RUN},
        {"tagged", no_argument, NULL, OPTION_TAGGED},
        {"help", no_argument, NULL, OPTION_HELP},
        {},
};

static unsigned flags_of(const struct options *options, const char *tag) {
        bool force = options->force || (options->tagged && text_equal(tag, "force"));
        /* As udev's rules and the unit call it, for which the device has appeared just now */
        bool fresh = options->tagged;

        return (force ? VFIO_VARIANT_FORCE : 0U) | (options->dry_run ? VFIO_VARIANT_DRY_RUN : 0U) |
               (fresh ? VFIO_VARIANT_FRESH : 0U);
}

/* Binds the device, which has its properties. */
static int bind_it(struct vfio_variant_device *device, const struct options *options) {
        _cleanup_(vfio_variant_report_freep) struct vfio_variant_report *report = NULL;
        const char *tag = vfio_variant_device_get_property(device, "VFIO_VARIANT_BIND");
        unsigned flags = flags_of(options, tag ? tag : "0");
        int r;

        if (options->tagged && (!tag || text_equal(tag, "0"))) {
                tell_empty("%s is not tagged: nothing to do.\n",
                           vfio_variant_device_get_sysname(device));
                return EXIT_DONE;
        }
        r = choose_driver(device, options->driver);
        if (r != EXIT_DONE)
                return r;
        screen_show_progress("binding, which may reset the device...");
        r = vfio_variant_device_bind(device, NULL, flags, &report);
        screen_show_progress(NULL);
        return outcome_of_bind(device, report, r, options->tagged);
}

static int bind_named(struct vfio_variant *context, const char *name,
                      const struct options *options) {
        _cleanup_(vfio_variant_device_unrefp) struct vfio_variant_device *device = NULL;
        int status = named_open(context, name, &device), r;

        if (status == EXIT_DONE) {
                r = vfio_variant_device_read_database(device);
                if (r < 0) {
                        log_error("cannot read the udev database: ", error_text(r), "; ",
                                  advice(r));
                        status = EXIT_TROUBLE;
                } else
                        status = bind_it(device, options);
        }
        tell_about(NULL);
        return status;
}

/* Takes the properties that udev set, without those that are none. */
static void take_environment(struct vfio_variant_device *device) {
        static const char *const names[] = {"VFIO_VARIANT_DRIVER", "VFIO_VARIANT_MODULE",
                                            "VFIO_VARIANT_FALLBACK", "VFIO_VARIANT_PIN",
                                            "VFIO_VARIANT_BIND"};

        for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
                if (vfio_variant_device_set_property(device, names[i], getenv(names[i])) < 0)
                        log_warning(names[i],
                                    " has no value that it can have, and was passed over: correct "
                                    "it in hwdb.d");
}

/*
 * RUN comes behind all rules, and the device's folder may be that of another card by then. Which
 * one the event was of, udev says by its modalias.
 */
static bool is_of_event(const struct vfio_variant_device *device) {
        const char *modalias = getenv("MODALIAS");

        return !modalias || text_equal(modalias, vfio_variant_device_get_modalias(device));
}

static int bind_from_environment(struct vfio_variant *context, const struct options *options) {
        _cleanup_(vfio_variant_device_unrefp) struct vfio_variant_device *device = NULL;
        const char *devpath = getenv("DEVPATH"), *tag = getenv("VFIO_VARIANT_BIND");
        int r;

        log_open("vfio-variant", true); /* udevd shows nobody our standard error */
        if (!devpath || !*devpath)
                return refuse_usage("no DEVICE, and none in the environment (DEVPATH)");
        if (!tag || !*tag || text_equal(tag, "0"))
                return EXIT_DONE;
        log_about(getenv("SUBSYSTEM"), text_basename(devpath));
        r = vfio_variant_device_new_from_devpath(context, devpath, &device);
        if (r < 0)
                return named_tell(devpath, r);
        tell_about(device);
        if (is_of_event(device)) {
                take_environment(device);
                r = bind_it(device, options);
        } else {
                log_error("another device has its name now than that which udev called for; ",
                          "nothing was done, and nothing has to be: it has an event of its own");
                r = EXIT_TROUBLE;
        }
        tell_about(NULL);
        return r;
}

static int run(struct vfio_variant *context, const struct options *options) {
        int status = EXIT_DONE;

        if (!*options->devices)
                return options->tagged ? bind_from_environment(context, options)
                                       : refuse_usage("name at least one DEVICE");
        for (char **name = options->devices; *name; name++)
                status = worse(status, bind_named(context, *name, options));
        return status;
}

const struct verb verb_bind = {"bind", help, known, run};
