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

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
        struct input input = {bytes, size};
        char *module = input_take_line(&input);
        struct cmdline *cmdline = malloc(sizeof(*cmdline));

        must(cmdline);
        fill(cmdline, &input);
        if (name_is_valid(module, strlen(module))) {
                if (cmdline_refuses_module(cmdline, module)) {
                        must(strstr(cmdline->text, "module_blacklist="));
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
