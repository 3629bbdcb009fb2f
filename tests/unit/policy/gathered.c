/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a policy reported, as a text to compare. */
#include "gathered.h"

#include <stdio.h>
#include <string.h>

int gather(const char *alias, const char *module, void *userdata) {
        struct gathered *gathered = userdata;
        size_t n = strlen(gathered->text);

        (void)snprintf(gathered->text + n, sizeof(gathered->text) - n, "%s %s;", alias, module);
        return ++gathered->n == gathered->stop_at ? gathered->r : 0;
}
