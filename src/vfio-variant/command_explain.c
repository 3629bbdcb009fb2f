/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* vfio-variant explain: the candidates for a device, and why one is the choice. */
#include "explain.h"

#include <errno.h>
#include <string.h>

#include "choose_driver.h"
#include "commands.h"
#include "each_argument.h"
#include "identity.h"
#include "messages.h"
#include "open_device.h"

static const char help[] =
        "explain [OPTION...] DEVICE|MODALIAS...\n"
        "Show all drivers that match each device, best first, and why each is the choice\n"
        "or not.\n"
        "\n" HELP_DEVICE
        "MODALIAS (pci:v000015B3d...) is that of a device that need not be present.\n"
        "\n"
        "      --json[=pretty|short]  Print JSON, indented or on one line\n"
        "  -h, --help                 Print this help\n";

int question_each_candidate(const struct question *question, vfio_variant_candidate_fn on_candidate,
                            void *userdata) {
        if (question->device)
                return vfio_variant_device_each_candidate(question->device, NULL, on_candidate,
                                                          userdata);
        return vfio_variant_each_candidate(question->context, question->modalias, NULL,
                                           on_candidate, userdata);
}

const char *question_pin(const struct question *question) {
        return question->device ? vfio_variant_device_get_pin(question->device) : NULL;
}

static int report_error(const struct question *question, int error) {
        if (error == -EINVAL && !question->device)
                return report_usage("invalid modalias: ", question->modalias,
                                    "; `cat /sys/bus/pci/devices/*/modalias` prints valid ones");
        report_choice_error(question->context, question->device, NULL, error);
        return EXIT_FAILURE;
}

static int explain(const struct question *question, struct output *output) {
        json_object *explained = NULL;
        int r = output->json ? explain_json(question, &explained)
                             : explain_print(question, output->is_begun);

        if (r < 0)
                return report_error(question, r);
        if (output->json)
                json_append(output->json, explained);
        output->is_begun = true;
        return EXIT_SUCCESS;
}

static int explain_argument(struct vfio_variant *context, const char *argument,
                            struct output *output) {
        _cleanup_(vfio_variant_device_unrefp) struct vfio_variant_device *device = NULL;
        struct question question = {.context = context, .modalias = argument};
        int status = EXIT_SUCCESS;

        if (!is_modalias(argument)) {
                status = open_named(context, argument, &device);
                if (status != EXIT_SUCCESS)
                        return status;
                question.device = device;
                question.modalias = identity_modalias(device);
        }
        status = strlen(question.modalias) == strcspn(question.modalias, ":") + 1
                         ? report_error(&question, -EINVAL)
                         : explain(&question, output);
        log_set_device(NULL);
        return status;
}

static int run_explain(struct vfio_variant *context, const struct options *options) {
        return print_each(context, options, "results", explain_argument);
}

const struct command command_explain = {
        .name = "explain",
        .help = help,
        .argument = "DEVICE or MODALIAS",
        .options = {OPTION_JSON},
        .min_arguments = 1,
        .max_arguments = ARGUMENTS_ANY,
        .run = run_explain,
};
