/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a command prints of each of its arguments: text, or an array of JSON. */
#include "each_argument.h"

#include "messages.h"

static int print_all(struct vfio_variant *context, const struct options *options,
                     struct output *output, print_argument_fn print_argument) {
        int status = EXIT_SUCCESS;

        for (char **argument = options->devices; *argument; argument++)
                status = worst_status(status, print_argument(context, *argument, output));
        return status;
}

int print_each(struct vfio_variant *context, const struct options *options, const char *key,
               print_argument_fn print_argument) {
        _cleanup_(json_object_putp) json_object *json = NULL;
        struct output output = {};
        int status;

        if (!options->json)
                return print_all(context, options, &output, print_argument);
        json = json_new_object();
        output.json = json_new_array();
        json_put(json, key, output.json);
        status = print_all(context, options, &output, print_argument);
        json_print(json, options->json);
        return status;
}
