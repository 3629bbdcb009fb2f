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
                 struct shown *shown) {
        if (shown->json) {
                json_append(shown->json, info_json(device, state));
                return;
        }
        if (shown->is_begun)
                (void)puts("");
        shown->is_begun = true;
        info_print(device, state);
}

static int show_named(struct vfio_variant *context, const char *name, struct shown *shown) {
        _cleanup_(vfio_variant_device_unrefp) struct vfio_variant_device *device = NULL;
        int status = named_open(context, name, &device), r;
        struct device_state state;

        if (status == EXIT_DONE) {
                r = state_of(device, &state);
                show(device, &state, shown);
                if (r < 0)
                        choose_tell(context, device, NULL, r);
                status = r < 0 ? EXIT_TROUBLE : EXIT_DONE;
        }
        tell_about(NULL);
        return status;
}

static int run(struct vfio_variant *context, const struct options *options) {
        if (!*options->devices)
                return refuse_usage("name at least one DEVICE; `vfio-variant list` shows them");
        return shown_each(context, options->devices, options->json ? "devices" : NULL, show_named);
}

const struct verb verb_info = {"info", help, known, run};
