/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* vfio-variant list: all devices, and whether they can be bound. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "choose_driver.h"
#include "commands.h"
#include "device_json.h"
#include "device_set.h"
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

static int add_device(struct vfio_variant_device *device, void *userdata) {
        device_set_append(userdata, device);
        return 0;
}

static int compare_sysnames(const void *a, const void *b) {
        struct vfio_variant_device *const *device_a = a, *const *device_b = b;

        return strcmp(vfio_variant_device_get_sysname(*device_a),
                      vfio_variant_device_get_sysname(*device_b));
}

/* Most machines have only one PCI domain. */
static bool is_in_one_domain(const struct device_set *set) {
        for (unsigned i = 0; i < set->n; i++)
                if (!startswith(vfio_variant_device_get_sysname(set->devices[i]), "0000:"))
                        return false;
        return true;
}

static bool is_wanted(const struct device_state *state, const struct options *options) {
        if (options->tagged && !state->is_tagged)
                return false;
        return options->all || (state_is_for_guests(state->state) &&
                                (state->state != STATE_UNFIT || state->is_tagged));
}

/* What is printed: a table, or JSON. */
struct listing {
        struct list_table table;
        json_object *json;
        bool has_no_iommu;   /* a device that was printed, */
        bool needs_force;    /* and that can be bound nevertheless */
        unsigned unexamined; /* processes */
        size_t n_printed, n_hidden;
};

/* Returns 0, or the negative errno of what could not be determined of the device. */
static int add_to_listing(struct listing *listing, struct vfio_variant_device *device,
                          const struct options *options) {
        struct device_state state;
        int r = state_of(device, &state);

        if (r == -ENODEV) /* it was removed meanwhile */
                return 0;
        if (!is_wanted(&state, options)) {
                listing->n_hidden++;
                return 0;
        }
        listing->n_printed++;
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
        return r;
}

static int add_all_to_listing(struct listing *listing, const struct device_set *set,
                              const struct options *options) {
        int error = 0;

        for (unsigned i = 0; i < set->n; i++) {
                int r = add_to_listing(listing, set->devices[i], options);

                error = r < 0 ? r : error;
        }
        return error;
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

static int print_table(const struct device_set *set, const struct list_columns *columns,
                       const struct options *options) {
        _cleanup_(table_freep) struct table *table = list_table_new(columns, !options->no_legend);
        struct listing listing = {.table = {table, *columns, is_in_one_domain(set)}};
        int error = add_all_to_listing(&listing, set, options);

        table_print(table);
        if (listing.n_printed == 0)
                report_empty(&listing, options);
        if (listing.has_no_iommu)
                log_warning(listing.needs_force
                                    ? "a device without an IOMMU group is bound with --force only, "
                                      "and a guest with it can access all memory"
                                    : "a device without an IOMMU group cannot be bound unless "
                                      "VFIO's no-IOMMU mode is on",
                            "; `vfio-variant check` reports what to do");
        report_unexamined(listing.unexamined);
        return error;
}

static int print_json(const struct device_set *set, const struct options *options) {
        _cleanup_(json_object_putp) json_object *json = json_new_object();
        struct listing listing = {.json = json_new_array()};
        int error = add_all_to_listing(&listing, set, options);

        json_put(json, "devices", listing.json);
        json_print(json, options->json);
        report_unexamined(listing.unexamined);
        return error;
}

/* Each device that is sorted is open, and a host may have more than the 1,024 files that systemd
 * lets a process open unless it asks for more (systemd.exec(5), LimitNOFILE=). */
static void raise_file_limit(void) {
        struct rlimit limit;

        if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
                return;
        limit.rlim_cur = limit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit); /* else there is an error when it is reached */
}

static int read_devices(struct vfio_variant *context, struct device_set *ret) {
        int status;

        raise_file_limit();
        /* Without it the host is read for each device */
        (void)vfio_variant_set_snapshot(context, true);
        status = each_device(context, add_device, ret);
        if (ret->n > 0)
                qsort(ret->devices, ret->n, sizeof(struct vfio_variant_device *), compare_sysnames);
        return status;
}

static int run_list(struct vfio_variant *context, const struct options *options) {
        _cleanup_(device_set_done) struct device_set set = {};
        struct list_columns columns;
        int status, r;

        if (options->json && options->columns)
                return report_usage("only one of --output and --json can be given");
        status = list_columns_parse(options->columns, &columns);
        if (status == EXIT_SUCCESS)
                status = read_devices(context, &set);
        if (status != EXIT_SUCCESS)
                return status;
        r = options->json ? print_json(&set, options) : print_table(&set, &columns, options);
        if (r == 0)
                return EXIT_SUCCESS;
        report_choice_error(context, NULL, NULL, r);
        return EXIT_FAILURE;
}

const struct command command_list = {
        .name = "list",
        .help = help,
        .argument = "DEVICE",
        .options = {OPTION_ALL, OPTION_TAGGED, OPTION_OUTPUT, OPTION_NO_LEGEND, OPTION_JSON},
        .run = run_list,
};
