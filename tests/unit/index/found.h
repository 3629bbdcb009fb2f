/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a lookup reported, as a text to compare. */
#pragma once

#include <stdint.h>

#define FOUND_MAX 16

struct found {
        char lines[FOUND_MAX][160]; /* "ALIAS MODULE PRIORITY;" */
        int n, stop_at, r;          /* at match STOP_AT it returns R */
        int n_restarts;
        char text[FOUND_MAX * 160];
};

/* For a lookup: adds a match to the struct found that USERDATA is. */
int found_add(const char *alias, const char *module, uint32_t priority, void *userdata);

/* Gives up what was found. */
void found_restart(void *userdata);

/* All that was found, sorted: a lookup has no order that means anything. */
const char *found_text(struct found *found);
