/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a lookup reported, as a text to compare. */
#include "found.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

int found_add(const char *alias, const char *module, uint32_t priority, void *userdata) {
        struct found *found = userdata;

        ck_assert_int_lt(found->n, FOUND_MAX);
        (void)snprintf(found->lines[found->n], sizeof(found->lines[0]), "%s %s %u;", alias, module,
                       priority);
        return ++found->n == found->stop_at ? found->r : 0;
}

void found_restart(void *userdata) {
        struct found *found = userdata;

        found->n = 0;
        found->n_restarts++;
}

static int compare(const void *a, const void *b) {
        return strcmp(a, b);
}

const char *found_text(struct found *found) {
        size_t n = 0;

        qsort(found->lines, (size_t)found->n, sizeof(found->lines[0]), compare);
        found->text[0] = '\0';
        for (int i = 0; i < found->n; i++)
                n += (size_t)snprintf(found->text + n, sizeof(found->text) - n, "%s",
                                      found->lines[i]);
        return found->text;
}
