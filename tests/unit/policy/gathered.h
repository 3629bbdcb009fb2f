/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a policy reported, as a text to compare. */
#pragma once

struct gathered {
        char text[256];
        int n, stop_at, r; /* at alias STOP_AT it returns R */
};

/* For a lookup: adds an alias to the struct gathered that USERDATA is. */
int gather(const char *alias, const char *module, void *userdata);
