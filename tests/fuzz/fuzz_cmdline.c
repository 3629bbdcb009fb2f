/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fuzzes the reader of the kernel command line. The input: a module, a newline, the command line.
 */
#include <string.h>

#include "cmdline.h"
#include "fuzz.h"
#include "input.h"
#include "name.h"

/* Puts the rest of INPUT where cmdline_read() puts /proc/cmdline. */
static void fill(char *text, struct cmdline *cmdline, const struct input *input) {
        size_t n = input->size < CMDLINE_SIZE ? input->size : CMDLINE_SIZE - 1;

        memset(text, 0xa5, CMDLINE_SIZE);
        if (n > 0)
                memcpy(text, input->bytes, n);
        text[n] = '\0';
        *cmdline = (struct cmdline){.text = text, .length = strlen(text), .blacklists = true};
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
        char *text = malloc(CMDLINE_SIZE);
        struct cmdline cmdline;

        must(text);
        fill(text, &cmdline, &input);
        check_parameters(&cmdline);
        if (name_is_valid(module, strlen(module))) {
                if (cmdline_refuses_module(&cmdline, module)) {
                        must(strstr(text, "blacklist="));
                        must(cmdline_refuses_any(&cmdline));
                        must(strstr(text, module));
                }
                if (cmdline_mentions(&cmdline, module))
                        must(strlen(text) > strlen(module));
                cmdline.blacklists = false;
                must(!cmdline_refuses_module(&cmdline, module));
                must(!cmdline_mentions(&cmdline, module));
        }
        free(text);
        free(module);
        return 0;
}
