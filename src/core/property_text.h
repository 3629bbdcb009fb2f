/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The output for udev's IMPORT{program}: lines of KEY=value. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* The size of all lines, well below udev's limit of 16 KiB: DESIGN, "Properties". */
#define PROPERTY_TEXT_SIZE 512

struct property_text {
        char text[PROPERTY_TEXT_SIZE];
        size_t length;
};

/*
 * Appends "KEY=VALUE\n" to TEXT. Returns false, and skips this property, if VALUE is empty (udev
 * rejects it), does not fit, or has a character that is not printable ASCII or has a meaning to
 * udev or a shell (a quote, a backslash, `$`, `%`).
 */
bool property_add(struct property_text *text, const char *key, const char *value);
