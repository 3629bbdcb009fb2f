/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * vfio_variant_bind bind-added: binds the device of an "add" event to its VFIO driver. Run by
 * 70-vfio-variant-bind.rules and vfio-variant-bind@.service only; see vfio-variant.rules(7).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bind_set.h"
#include "device_keys.h"
#include "device_object.h"
#include "device_properties.h"
#include "identity.h"
#include "messages.h"
#include "open_device.h"
#include "run.h"
#include "text.h"
#include "udev_commands.h"

static const char help[] =
        "bind-added [OPTION...] [SYSPATH]\n"
        "Bind a tagged device that was added, and the tagged members of its IOMMU group.\n"
        "Run by the udev rules, with the device in the environment, and by vfio-variant-\n"
        "bind@.service. To bind tagged devices by hand: vfio-variant bind --tagged\n"
        "\n"
        "  -n, --dry-run  Print what would be done, and change nothing\n"
        "  -h, --help     Print this help\n";

/* --- the other members of its group --- */

/* Tagged, and not bound to a VFIO driver yet. The tag is read from the hwdb, because the event of
 * this member may not have been processed. */
static bool is_due(struct vfio_variant_device *member) {
        if (identity_not_for_guests(member) ||
            vfio_variant_device_get_type(member) == VFIO_VARIANT_TYPE_VFIO)
                return false;
        (void)properties_read(member, NULL);
        return vfio_variant_device_read_tag(member) > 0 &&
               vfio_variant_device_choose(member, NULL) >= 0;
}

/* USERDATA: the set, whose first device has the properties of its event. */
static int add_if_due(struct vfio_variant_device *member, void *userdata) {
        struct device_set *set = userdata;

        if (member != set->devices[0] && is_due(member))
                device_set_add(set, member);
        return 0;
}

/* DEVICE has its properties. */
static int bind_with_group(struct vfio_variant_device *device, const struct options *options,
                           bool is_event) {
        const struct bind_options bind_options = {
                .flags = VFIO_VARIANT_FLAG_JUST_ADDED | VFIO_VARIANT_FLAG_FORCE_IF_TAGGED |
                         (options->dry_run ? VFIO_VARIANT_FLAG_DRY_RUN : 0U),
                .is_for_tag = true,
                .is_quiet = true,
                .is_event = is_event,
        };
        _cleanup_(device_set_done) struct device_set set = {};

        device_set_add(&set, device);
        (void)vfio_variant_device_each_member(device, add_if_due, &set);
        return bind_set(&set, &bind_options);
}

/* --- the device itself --- */

/* Takes the properties that udev set. Invalid values are ignored. */
static void take_environment(struct vfio_variant_device *device) {
        for (enum property i = 0; i < N_CHOICE_PROPERTIES; i++)
                if (vfio_variant_device_set_property(device, i, getenv(property_name(i))) < 0)
                        log_warning("ignoring the invalid value of ", property_name(i),
                                    ": correct it in hwdb.d");
        /* Before a pin is read from the hwdb, which would set VFIO_VARIANT_BIND as well */
        if (!vfio_variant_device_get_property(device, PROPERTY_DRIVER))
                (void)vfio_variant_device_look_up(device, NULL);
}

static bool is_tagged(const struct vfio_variant_device *device) {
        return property_is_tag(vfio_variant_device_get_property(device, PROPERTY_BIND));
}

/*
 * RUN is executed after all rules, and the device's directory may be that of another card by then.
 * udev names the card that the event was for by its modalias.
 */
static bool is_of_event(const struct vfio_variant_device *device) {
        const char *modalias = getenv("MODALIAS");

        return !modalias || streq(modalias, identity_modalias(device));
}

/* --- a driver that does not release the device --- */

#define UNIT      "vfio-variant-bind@"
#define UNIT_SIZE 256 /* UNIT_NAME_MAX of systemd */

/* *ret: the instance for PATH, as `systemd-escape --path` prints it. Returns false if it is too
 * long. */
static bool unit_name(const char *path, char ret[UNIT_SIZE]) {
        size_t n = (size_t)snprintf(ret, UNIT_SIZE, UNIT);

        for (path++; *path && n < UNIT_SIZE; path++) {
                bool is_plain = text_is_alphanumeric(*path) || strchr(":_.", *path);

                n += (size_t)snprintf(ret + n, UNIT_SIZE - n,
                                      *path == '/' ? "-"
                                      : is_plain   ? "%c"
                                                   : "\\x%02x",
                                      *path);
        }
        return n < UNIT_SIZE &&
               (size_t)snprintf(ret + n, UNIT_SIZE - n, ".service") < UNIT_SIZE - n;
}

/*
 * udevd kills what its programs have started when it has no more events. If systemd runs, a unit
 * waits for the device, and binds it.
 */
static void hand_over(struct vfio_variant_device *device) {
        static const char *const programs[] = {"/usr/bin/systemctl", "/bin/systemctl", NULL};
        const char *systemctl = run_find(programs);
        char unit[UNIT_SIZE];

        if (!vfio_variant_device_get_unbinding_driver(device) ||
            access("/run/systemd/system", F_OK) < 0 || !systemctl ||
            !unit_name(vfio_variant_device_get_syspath(device), unit))
                return;
        (void)run_program((const char *const[]){systemctl, "--no-block", "start", unit, NULL},
                          RUN_SHOWN);
}

static int bind_from_environment(struct vfio_variant *context, const struct options *options) {
        _cleanup_(vfio_variant_device_unrefp) struct vfio_variant_device *device = NULL;
        const char *devpath = getenv("DEVPATH");
        int r;

        log_open("vfio-variant", true); /* udevd discards standard error */
        if (!devpath || !*devpath)
                return report_usage("bind-added needs a SYSPATH, or DEVPATH in the environment");
        if (!property_is_tag(getenv(property_name(PROPERTY_BIND))))
                return EXIT_SUCCESS;
        log_about(getenv("SUBSYSTEM"), basename(devpath));
        r = vfio_variant_device_new_from_devpath(context, devpath, &device);
        if (r < 0)
                return report_open_error(devpath, r);
        log_set_device(device);
        if (!is_of_event(device)) {
                log_notice("nothing to do: the device of this event was replaced by another one, ",
                           "which has an event of its own");
                return EXIT_SUCCESS;
        }
        take_environment(device);
        if (!is_tagged(device))
                return EXIT_SUCCESS;
        r = bind_with_group(device, options, true);
        hand_over(device);
        return r;
}

static int bind_named(struct vfio_variant *context, const struct options *options) {
        _cleanup_(vfio_variant_device_unrefp) struct vfio_variant_device *device = NULL;
        int status = open_named(context, *options->devices, &device), r;

        if (status != EXIT_SUCCESS)
                return status;
        r = vfio_variant_device_is_tagged(device);
        if (r < 0) {
                log_error("cannot read its tag: ", log_errno(r), "; ", advise_error(r));
                return EXIT_FAILURE;
        }
        return r > 0 ? bind_with_group(device, options, false) : EXIT_SUCCESS;
}

static int run_bind_added(struct vfio_variant *context, const struct options *options) {
        int status;

        status = *options->devices ? bind_named(context, options)
                                   : bind_from_environment(context, options);
        log_set_device(NULL);
        return status;
}

const struct command command_bind_added = {
        .name = "bind-added",
        .help = help,
        .argument = "SYSPATH",
        .options = {OPTION_DRY_RUN},
        .max_arguments = 1,
        .run = run_bind_added,
};
