/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* vfio-variant explain: why a device gets the driver that it gets. */
#include "explain.h"

#include <errno.h>
#include <fnmatch.h>

#include "choose_driver.h"
#include "commands.h"
#include "each_argument.h"
#include "identity.h"
#include "messages.h"
#include "open_device.h"

static const char help[] =
        "Usage: vfio-variant explain [OPTION...] DEVICE|MODALIAS...\n"
        "Show all drivers that were weighed, best first, and why each won or fell out.\n"
        "\n" HELP_DEVICE "\n"
        "MODALIAS is that of any device, whether it is here or not (pci:v000015B3d...).\n"
        "\n"
        "  --json  for a program\n"
        "  --help  print this text\n"
        "\n"
        "See vfio-variant(8).\n";

static const struct option known[] = {
        {"json", no_argument, NULL, OPTION_JSON},
        {"help", no_argument, NULL, OPTION_HELP},
        {},
};

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

/* A bus, and behind its colon a letter that no address has. */
static bool is_modalias(const char *word) {
        return fnmatch("[a-z]*:*[!0-9a-f.:]*", word, 0) == 0;
}

static int tell(const struct question *question, int error) {
        if (error == -EINVAL && !question->device) {
                log_error(question->modalias,
                          " is no modalias; `cat /sys/bus/pci/devices/*/modalias` shows some");
                return EXIT_USAGE;
        }
        report_choice_error(question->context, question->device, NULL, error);
        return EXIT_FAILURE;
}

static int explain(const struct question *question, struct output *output) {
        json_object *explained = NULL;
        int r = output->json ? explain_json(question, &explained)
                             : explain_print(question, output->is_begun);

        if (r < 0)
                return tell(question, r);
        if (output->json)
                json_append(output->json, explained);
        output->is_begun = true;
        return EXIT_SUCCESS;
}

static int explain_word(struct vfio_variant *context, const char *word, struct output *output) {
        _cleanup_(vfio_variant_device_unrefp) struct vfio_variant_device *device = NULL;
        struct question question = {.context = context, .modalias = word};
        int status = EXIT_SUCCESS;

        if (!is_modalias(word)) {
                status = open_named(context, word, &device);
                if (status != EXIT_SUCCESS)
                        return status;
                question.device = device;
                question.modalias = identity_modalias(device);
        }
        status = explain(&question, output);
        log_set_device(NULL);
        return status;
}

static int run(struct vfio_variant *context, const struct options *options) {
        if (!*options->devices)
                return refuse_usage("name at least one DEVICE or MODALIAS");
        return print_each(context, options->devices, options->json ? "questions" : NULL,
                          explain_word);
}

const struct command command_explain = {"explain", help, known, run};
