/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* vfio-variant list: all devices, and whether they can be bound. */
#include <errno.h>
#include <stdlib.h>

#include "choose_driver.h"
#include "commands.h"
#include "device_json.h"
#include "list_table.h"
#include "messages.h"
#include "open_device.h"
#include "text.h"

static const char help[] =
        "list [OPTION...]\n"
        "List the devices that can be assigned to guests, their current drivers, and the\n"
        "VFIO driver that matches each best.\n"
        "\n"
        "      --all                  List all devices, also bridges and devices that no\n"
        "                             driver matches\n"
        "      --tagged               List only tagged devices\n"
        "  -o, --output=COLUMNS       Print these columns, separated by commas: ADDRESS,\n"
        "                             NAME, DRIVER, VARIANT, GROUP, STATE, TYPE, TAG,\n"
        "                             VENDOR, IDS, MODALIAS, PHYSFN\n"
        "      --no-legend            Do not print the header line\n"
        "      --json[=pretty|short]  Print JSON, indented or on one line\n"
        "  -h, --help                 Print this help\n";

/* Most machines have only one PCI domain. */
#define FIRST_DOMAIN "0000:"

static bool is_wanted(const struct device_state *state, const struct options *options) {
        if (options->tagged && !state->is_tagged)
                return false;
        return options->all || (state_is_for_guests(state->state) &&
                                (state->state != STATE_UNFIT || state->is_tagged));
}

/* What is printed: a table, or JSON. */
struct listing {
        const struct options *options;
        struct list_table table;
        json_object *json;
        bool has_domains;    /* a device is in another PCI domain, or is not PCI's */
        bool has_no_iommu;   /* a device that was printed, */
        bool needs_force;    /* and that can be bound nevertheless */
        unsigned unexamined; /* processes */
        size_t n_printed, n_hidden;
        int error; /* of a device: what could not be determined of it */
};

static int add_device(struct vfio_variant_device *device, void *userdata) {
        struct listing *listing = userdata;
        struct device_state state;
        int r = state_of(device, &state);

        if (r == -ENODEV) /* it was removed meanwhile */
                return 0;
        if (!startswith(vfio_variant_device_get_sysname(device), FIRST_DOMAIN))
                listing->has_domains = true;
        if (!is_wanted(&state, listing->options)) {
                listing->n_hidden++;
                return 0;
        }
        listing->n_printed++;
        if (r < 0)
                listing->error = r;
        if (state.unexamined > listing->unexamined)
                listing->unexamined = state.unexamined;
        if (listing->json)
                json_append(listing->json, device_json(device, &state));
        else
                list_table_add(&listing->table, device, &state);
        if (state.state == STATE_NO_IOMMU) {
                listing->has_no_iommu = true;
                listing->needs_force = listing->needs_force || state.can_force;
        }
        return 0;
}

static int read_devices(struct vfio_variant *context, struct listing *listing) {
        /* Without it the host is read for each device */
        (void)vfio_variant_set_snapshot(context, true);
        return each_device(context, add_device, listing);
}

/* Returns the exit status. */
static int report_listing(struct vfio_variant *context, const struct listing *listing) {
        report_unexamined(listing->unexamined);
        if (listing->error == 0)
                return EXIT_SUCCESS;
        report_choice_error(context, NULL, NULL, listing->error);
        return EXIT_FAILURE;
}

/* An empty table prints nothing at all. */
static void report_empty(const struct listing *listing, const struct options *options) {
        if (options->tagged)
                print_notice("No device is tagged.\n");
        else if (listing->n_hidden > 0)
                print_notice("No assignable devices found (%zu hidden; use --all).\n",
                             listing->n_hidden);
        else
                print_notice("No PCI or CDX devices found.\n");
}

static int print_table(struct vfio_variant *context, const struct list_columns *columns,
                       const struct options *options) {
        _cleanup_(table_freep) struct table *table = list_table_new(columns, !options->no_legend);
        struct listing listing = {.options = options, .table = {table, *columns}};
        int status = read_devices(context, &listing);

        if (status != EXIT_SUCCESS)
                return status;
        if (list_is_narrow(columns) && !listing.has_domains)
                table_cut(table, LIST_ADDRESS, strlen(FIRST_DOMAIN));
        table_print(table);
        if (listing.n_printed == 0)
                report_empty(&listing, options);
        if (listing.has_no_iommu)
                log_warning(listing.needs_force
                                    ? "a device without an IOMMU group is bound with --force only, "
                                      "and a guest with it can access all memory"
                                    : "a device without an IOMMU group cannot be bound unless "
                                      "VFIO's no-IOMMU mode is on",
                            "; `vfio-variant check DEVICE` reports what to do");
        return report_listing(context, &listing);
}

static int print_json(struct vfio_variant *context, const struct options *options) {
        _cleanup_(json_object_putp) json_object *json = json_new_object();
        struct listing listing = {.options = options, .json = json_new_array()};
        int status;

        json_put(json, "devices", listing.json);
        status = read_devices(context, &listing);
        if (status != EXIT_SUCCESS)
                return status;
        json_print(json, options->json);
        return report_listing(context, &listing);
}

static int run_list(struct vfio_variant *context, const struct options *options) {
        struct list_columns columns;
        int status;

        if (options->json && options->columns)
                return report_usage("only one of --output and --json can be given");
        status = list_columns_parse(options->columns, &columns);
        if (status != EXIT_SUCCESS)
                return status;
        return options->json ? print_json(context, options)
                             : print_table(context, &columns, options);
}

const struct command command_list = {
        .name = "list",
        .help = help,
        .argument = "DEVICE",
        .options = {OPTION_ALL, OPTION_TAGGED, OPTION_OUTPUT, OPTION_NO_LEGEND, OPTION_JSON},
        .run = run_list,
};
