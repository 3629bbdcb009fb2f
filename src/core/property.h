/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The text that udev's IMPORT{program} reads: lines of KEY=value. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* DESIGN, "Properties": all lines together; well under udev's own limit of 16 KiB. */
#define PROPERTY_TEXT_SIZE 512

struct property_text {
        char text[PROPERTY_TEXT_SIZE];
        size_t length;
};

/*
 * Adds "KEY=VALUE\n" to TEXT. Returns whether it did: a value that is empty (udev refuses it), too
 * long for what is left, or holds a byte that is not printable ASCII or means something to udev or
 * a shell (a quote, a backslash, `$`, `%`) costs this property and no other.
 */
bool property_add(struct property_text *text, const char *key, const char *value);
