/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* vfio-variant info: all that is known of a device. */
#include "info.h"

#include <stdio.h>

#include "choose_driver.h"
#include "commands.h"
#include "each_argument.h"
#include "messages.h"
#include "open_device.h"

static const char help[] =
        "Usage: vfio-variant info [OPTION...] DEVICE...\n"
        "Show all that is known of each DEVICE: its driver, its choice, its IOMMU group,\n"
        "what tags it, and the nodes that a VMM opens.\n"
        "\n" HELP_DEVICE "\n"
        "  --json  for a program\n"
        "  --help  print this text\n"
        "\n"
        "See vfio-variant(8).\n";

static const struct option known[] = {
        {"json", no_argument, NULL, OPTION_JSON},
        {"help", no_argument, NULL, OPTION_HELP},
        {},
};

static void show(struct vfio_variant_device *device, const struct device_state *state,
                 struct output *output) {
        if (output->json) {
                json_append(output->json, info_json(device, state));
                return;
        }
        if (output->is_begun)
                (void)puts("");
        output->is_begun = true;
        info_print(device, state);
}

static int show_named(struct vfio_variant *context, const char *name, struct output *output) {
        _cleanup_(vfio_variant_device_unrefp) struct vfio_variant_device *device = NULL;
        int status = open_named(context, name, &device), r;
        struct device_state state;

        if (status == EXIT_SUCCESS) {
                r = state_of(device, &state);
                show(device, &state, output);
                if (r < 0)
                        report_choice_error(context, device, NULL, r);
                status = r < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
        }
        log_set_device(NULL);
        return status;
}

static int run(struct vfio_variant *context, const struct options *options) {
        if (!*options->devices)
                return refuse_usage("name at least one DEVICE; `vfio-variant list` shows them");
        return print_each(context, options->devices, options->json ? "devices" : NULL, show_named);
}

const struct command command_info = {"info", help, known, run};
