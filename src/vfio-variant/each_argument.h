/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a verb shows of each word behind it, one after the other: text, or an array of JSON. */
#pragma once

#include "json.h"
#include "vfio-variant.h"

struct output {
        json_object *json; /* is added to, or NULL for text */
        bool is_begun;     /* an empty line parts the text of the next from this */
};

/* Returns the exit status. */
typedef int (*print_argument_fn)(struct vfio_variant *context, const char *word,
                                 struct output *output);

/* Shows each of WORDS, which end in NULL, and with KEY prints {KEY: [...]}; NULL: as text. Returns
 * the worst exit status. */
int print_each(struct vfio_variant *context, char **words, const char *key, print_argument_fn show);
