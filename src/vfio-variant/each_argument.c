/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a verb shows of each word behind it, one after the other. */
#include "each_argument.h"

#include "messages.h"

static int show_all(struct vfio_variant *context, char **words, struct output *output,
                    print_argument_fn show) {
        int status = EXIT_SUCCESS;

        for (char **word = words; *word; word++)
                status = worst_status(status, show(context, *word, output));
        return status;
}

int print_each(struct vfio_variant *context, char **words, const char *key,
               print_argument_fn show) {
        _cleanup_(json_object_putp) json_object *json = NULL;
        struct output shown = {};
        int status;

        if (!key)
                return show_all(context, words, &shown, show);
        json = json_new_object();
        shown.json = json_new_array();
        json_put(json, key, shown.json);
        status = show_all(context, words, &shown, show);
        json_print(json);
        return status;
}
