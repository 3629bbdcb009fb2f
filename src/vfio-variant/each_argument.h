/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a command prints of each of its arguments: text, or an array of JSON. */
#pragma once

#include "command_options.h"
#include "json.h"
#include "vfio-variant.h"

struct output {
        json_object *json; /* an array to append to, or NULL for text */
        bool is_begun;     /* an empty line separates the next text from this */
};

/* Returns the exit status. */
typedef int (*print_argument_fn)(struct vfio_variant *context, const char *argument,
                                 struct output *output);

/* Calls PRINT_ARGUMENT for each argument of OPTIONS, with --json for {KEY: [...]}. Returns the
 * worst exit status. */
int print_each(struct vfio_variant *context, const struct options *options, const char *key,
               print_argument_fn print_argument);
