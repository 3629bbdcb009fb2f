/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fuzzes the reader of the kernel command line. The input: a module, a newline, the command line.
 */
#include <string.h>

#include "cmdline.h"
#include "fuzz.h"
#include "input.h"
#include "name.h"

/* Puts the rest of INPUT where cmdline_read() puts /proc/cmdline. */
static void fill(struct cmdline *cmdline, const struct input *input) {
        size_t n = input->size < sizeof(cmdline->text) ? input->size : sizeof(cmdline->text) - 1;

        memset(cmdline, 0xa5, sizeof(*cmdline));
        if (n > 0)
                memcpy(cmdline->text, input->bytes, n);
        cmdline->text[n] = '\0';
        cmdline->length = strlen(cmdline->text);
        cmdline->blacklists = true;
}

/* All parameters lie in the text, one after the other. */
static void check_parameters(const struct cmdline *cmdline) {
        const char *at = cmdline->text, *end = at + cmdline->length;
        struct cmdline_parameter parameter;

        for (const char *before = at; cmdline_next(&at, &parameter); before = at) {
                must(before < at && at <= end);
                must(before <= parameter.name && parameter.name + parameter.name_length <= at);
                if (parameter.value)
                        must(parameter.name + parameter.name_length < parameter.value &&
                             parameter.value + parameter.value_length <= at);
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
        struct input input = {bytes, size};
        char *module = input_take_line(&input);
        struct cmdline *cmdline = malloc(sizeof(*cmdline));

        must(cmdline);
        fill(cmdline, &input);
        check_parameters(cmdline);
        if (name_is_valid(module, strlen(module))) {
                if (cmdline_refuses_module(cmdline, module)) {
                        must(strstr(cmdline->text, "blacklist="));
                        must(cmdline_refuses_any(cmdline));
                        must(strstr(cmdline->text, module));
                }
                if (cmdline_mentions(cmdline, module))
                        must(strlen(cmdline->text) > strlen(module));
                cmdline->blacklists = false;
                must(!cmdline_refuses_module(cmdline, module));
                must(!cmdline_mentions(cmdline, module));
        }
        free(cmdline);
        free(module);
        return 0;
}
