/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* vfio-variant list: all devices, and how it stands with them. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "choose_driver.h"
#include "commands.h"
#include "device_json.h"
#include "list_table.h"
#include "messages.h"
#include "open_device.h"
#include "text.h"

static const char help[] =
        "Usage: vfio-variant list [OPTION...]\n"
        "List the devices that a guest could have: who holds each, and which VFIO driver\n"
        "fits it best (= on a narrow screen: that one).\n"
        "\n"
        "  --all        bridges and IOMMUs as well, and what no VFIO driver fits\n"
        "  --tagged     only those that are tagged to be bound\n"
        "  --json       for a program\n"
        "  --no-legend  without headings\n"
        "  --help       print this text\n"
        "\n"
        "See vfio-variant(8).\n";

static const struct option known[] = {
        {"all", no_argument, NULL, OPTION_ALL},
        {"tagged", no_argument, NULL, OPTION_TAGGED},
        {"json", no_argument, NULL, OPTION_JSON},
        {"no-legend", no_argument, NULL, OPTION_NO_LEGEND},
        {"help", no_argument, NULL, OPTION_HELP},
        {},
};

struct list {
        struct vfio_variant_device **devices;
        size_t n;
};

static void list_done(struct list *list) {
        for (size_t i = 0; i < list->n; i++)
                (void)vfio_variant_device_unref(list->devices[i]);
        free(list->devices);
}

static int add(struct vfio_variant_device *device, void *userdata) {
        struct list *list = userdata;
        struct vfio_variant_device **devices =
                reallocarray(list->devices, list->n + 1, sizeof(struct vfio_variant_device *));

        if (!devices)
                return -ENOMEM;
        list->devices = devices;
        devices[list->n++] = vfio_variant_device_ref(device);
        return 0;
}

static int compare(const void *a, const void *b) {
        struct vfio_variant_device *const *device_a = a, *const *device_b = b;

        return strcmp(vfio_variant_device_get_sysname(*device_a),
                      vfio_variant_device_get_sysname(*device_b));
}

/* Most machines have but one PCI domain. */
static bool is_of_one_domain(const struct list *list) {
        for (size_t i = 0; i < list->n; i++)
                if (!startswith(vfio_variant_device_get_sysname(list->devices[i]), "0000:"))
                        return false;
        return true;
}

static bool is_wanted(const struct device_state *state, const struct options *options) {
        if (options->tagged && !state->is_tagged)
                return false;
        return options->all || (state_is_for_guests(state->state) &&
                                (state->state != STATE_UNFIT || state->is_tagged));
}

/* One of both is made. */
struct output {
        struct table *table;
        json_object *json;
        bool is_of_one_domain;
        bool has_no_iommu; /* a device that was shown, */
        bool needs_force;  /* and that can be bound nevertheless */
        size_t n_shown, n_hidden;
};

/* Returns 0, or what kept it from being found out how it stands with the device. */
static int show(struct output *output, struct vfio_variant_device *device,
                const struct options *options) {
        struct device_state state;
        int r = state_of(device, &state);

        if (r == -ENODEV) /* it went meanwhile */
                return 0;
        if (!is_wanted(&state, options)) {
                output->n_hidden++;
                return r;
        }
        output->n_shown++;
        if (output->json)
                json_append(output->json, device_json(device, &state));
        else
                list_table_add(output->table, device, &state, output->is_of_one_domain);
        if (state.state == STATE_NO_IOMMU) {
                output->has_no_iommu = true;
                output->needs_force = output->needs_force || state.can_force;
        }
        return r;
}

static int show_all(struct output *output, const struct list *list, const struct options *options) {
        int error = 0;

        for (size_t i = 0; i < list->n; i++) {
                int r = show(output, list->devices[i], options);

                if (r < 0)
                        error = r;
        }
        return error;
}

/* An empty table prints nothing at all. */
static void report_nothing_shown(const struct output *output, const struct options *options) {
        if (options->tagged)
                print_notice("No device is tagged.\n");
        else if (output->n_hidden > 0)
                print_notice("No assignable devices found (%zu hidden; use --all).\n",
                             output->n_hidden);
        else
                print_notice("No PCI or CDX devices found.\n");
}

static int print_table(const struct list *list, const struct options *options) {
        _cleanup_(table_freep) struct table *table = list_table_new(!options->no_legend);
        struct output output = {.table = table, .is_of_one_domain = is_of_one_domain(list)};
        int error = show_all(&output, list, options);

        table_print(table);
        if (output.n_shown == 0)
                report_nothing_shown(&output, options);
        if (output.has_no_iommu)
                log_warning(output.needs_force
                                    ? "a device without an IOMMU group is bound with --force only, "
                                      "and a guest with it can access all memory"
                                    : "a device without an IOMMU group cannot be bound "
                                      "unless VFIO's no-IOMMU mode is on",
                            "; `vfio-variant check` reports what to do");
        return error;
}

static int print_json(const struct list *list, const struct options *options) {
        _cleanup_(json_object_putp) json_object *json = json_new_object();
        struct output output = {.json = json_new_array()};
        int error = show_all(&output, list, options);

        json_put(json, "devices", output.json);
        json_print(json);
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

static int run(struct vfio_variant *context, const struct options *options) {
        _cleanup_(list_done) struct list list = {};
        int r;

        if (*options->devices)
                return refuse_usage("list takes no DEVICE: `vfio-variant info` shows one");
        raise_file_limit();
        r = vfio_variant_each_device(context, add, &list);
        if (r < 0) {
                log_error("cannot list the devices: ", log_errno(r), "; see that /sys is mounted");
                return EXIT_FAILURE;
        }
        if (list.n > 0)
                qsort(list.devices, list.n, sizeof(struct vfio_variant_device *), compare);
        r = options->json ? print_json(&list, options) : print_table(&list, options);
        if (r == 0)
                return EXIT_SUCCESS;
        report_choice_error(context, NULL, NULL, r);
        return EXIT_FAILURE;
}

const struct command command_list = {"list", help, known, run};
