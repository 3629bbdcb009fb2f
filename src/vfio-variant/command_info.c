/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* vfio-variant info: all properties of a device. */
#include "device_json.h"
#include "info_text.h"

#include <stdio.h>

#include "choose_driver.h"
#include "commands.h"
#include "each_argument.h"
#include "messages.h"
#include "open_device.h"

static const char help[] =
        "info [OPTION...] DEVICE...\n"
        "Show all properties of each DEVICE: its drivers, IOMMU group, tag and device\n"
        "nodes.\n"
        "\n" HELP_DEVICE "\n"
        "      --json[=pretty|short]  Print JSON, indented or on one line\n"
        "  -h, --help                 Print this help\n";

static void print_device(struct vfio_variant_device *device, const struct device_state *state,
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

static int print_named(struct vfio_variant *context, const char *name, struct output *output) {
        _cleanup_(vfio_variant_device_unrefp) struct vfio_variant_device *device = NULL;
        int status = open_named(context, name, &device), r;
        struct device_state state;

        if (status == EXIT_SUCCESS) {
                r = state_of(device, &state);
                print_device(device, &state, output);
                report_unexamined(state.unexamined);
                if (r < 0)
                        report_choice_error(context, device, NULL, r);
                status = r < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
        }
        log_set_device(NULL);
        return status;
}

static int run_info(struct vfio_variant *context, const struct options *options) {
        return print_each(context, options, "devices", print_named);
}

const struct command command_info = {
        .name = "info",
        .help = help,
        .argument = "DEVICE",
        .options = {OPTION_JSON},
        .min_arguments = 1,
        .max_arguments = ARGUMENTS_ANY,
        .run = run_info,
};
