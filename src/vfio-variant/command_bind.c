/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* vfio-variant bind: binds devices to their VFIO driver. */
#include "bind_set.h"
#include "commands.h"
#include "messages.h"
#include "open_device.h"
#include "text.h"

static const char help[] =
        "bind [OPTION...] DEVICE...\n"
        "       vfio-variant bind --tagged [OPTION...] [DEVICE...]\n"
        "Bind each DEVICE to the VFIO driver that matches it best. Devices of one IOMMU\n"
        "group are bound together or not at all.\n"
        "\n" HELP_DEVICE "\n"
        "      --group        Bind each DEVICE with all members of its IOMMU group that\n"
        "                     can be assigned to a guest\n"
        "      --driver=NAME  Bind to this driver or module, and to no other\n"
        "      --force        Override the guards that can be overridden\n"
        "      --tagged       Bind only tagged devices; without a DEVICE, all that are\n"
        "                     not bound yet\n"
        "  -n, --dry-run      Print what would be done, and change nothing\n"
        "  -h, --help         Print this help\n";

static struct bind_options options_of(const struct options *options) {
        return (struct bind_options){
                .driver = options->driver,
                .flags = (options->force ? VFIO_VARIANT_FLAG_FORCE : 0U) |
                         (options->dry_run ? VFIO_VARIANT_FLAG_DRY_RUN : 0U) |
                         (options->tagged ? VFIO_VARIANT_FLAG_FORCE_IF_TAGGED : 0U),
                .is_for_tag = options->tagged,
        };
}

/* Removes devices that are not tagged. This also reads the properties of the others. */
static void keep_tagged(struct device_set *set) {
        unsigned n = set->n;

        set->n = 0;
        for (unsigned i = 0; i < n; i++) {
                struct vfio_variant_device *device = set->devices[i];

                if (vfio_variant_device_is_tagged(device) > 0) {
                        set->devices[set->n++] = device;
                        continue;
                }
                print_notice("%s is not tagged: nothing to do.\n",
                             vfio_variant_device_get_sysname(device));
                (void)vfio_variant_device_unref(device);
        }
}

static int bind_named(struct vfio_variant *context, const struct options *options) {
        const struct bind_options bind_options = options_of(options);
        _cleanup_(device_set_done) struct device_set set = {};
        int status = EXIT_SUCCESS;

        for (char **name = options->devices; *name; name++)
                status = worst_status(status,
                                      device_set_add_named(&set, context, *name, options->group));
        if (options->tagged)
                keep_tagged(&set);
        return worst_status(status, bind_set(&set, &bind_options));
}

/* --- all tagged devices --- */

struct search {
        struct device_set *set;
        unsigned n_tagged;
};

/* To its choice; or to another VFIO driver that a process uses it by. */
static bool is_bound(struct vfio_variant_device *device) {
        const char *choice = vfio_variant_device_get_variant_driver(device);
        const char *driver = vfio_variant_device_get_driver(device);

        if (vfio_variant_device_get_type(device) != VFIO_VARIANT_TYPE_VFIO || !driver)
                return false;
        return !choice || streq(driver, choice) || vfio_variant_device_check_guards(device) > 0;
}

static int add_if_tagged(struct vfio_variant_device *device, void *userdata) {
        struct search *search = userdata;

        if (vfio_variant_device_is_tagged(device) <= 0)
                return 0;
        search->n_tagged++;
        if (!is_bound(device))
                device_set_add(search->set, device);
        return 0;
}

static int bind_tagged(struct vfio_variant *context, const struct options *options) {
        const struct bind_options bind_options = options_of(options);
        _cleanup_(device_set_done) struct device_set set = {};
        struct search search = {.set = &set};
        int status = each_device(context, add_if_tagged, &search);

        if (status != EXIT_SUCCESS)
                return status;
        if (set.n == 0)
                print_notice("%s\n", search.n_tagged > 0 ? "All tagged devices are bound."
                                                         : "No device is tagged.");
        return bind_set(&set, &bind_options);
}

static int run_bind(struct vfio_variant *context, const struct options *options) {
        if (*options->devices)
                return bind_named(context, options);
        return options->tagged ? bind_tagged(context, options)
                               : report_usage("bind needs at least one DEVICE");
}

const struct command command_bind = {
        .name = "bind",
        .help = help,
        .argument = "DEVICE",
        .options = {OPTION_GROUP, OPTION_DRIVER, OPTION_FORCE, OPTION_TAGGED, OPTION_DRY_RUN},
        .max_arguments = ARGUMENTS_ANY,
        .run = run_bind,
};
