/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a verb shows of each word behind it, one after the other. */
#include "each_argument.h"

#include "messages.h"

static int show_all(struct vfio_variant *context, char **words, struct shown *shown, show_fn show) {
        int status = EXIT_DONE;

        for (char **word = words; *word; word++)
                status = worse(status, show(context, *word, shown));
        return status;
}

int shown_each(struct vfio_variant *context, char **words, const char *key, show_fn show) {
        _cleanup_(json_object_putp) json_object *json = NULL;
        struct shown shown = {};
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
