/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Escapes strings of devices, drivers and processes for messages. */
#pragma once

#include <stddef.h>

/*
 * Appends TEXT to the string in RET, of SIZE bytes. Bytes that are not printable ASCII are written
 * as \xHH, so that they cannot move the cursor or start a line. The result is truncated if it is
 * too long.
 */
void escape_append(char *ret, size_t size, const char *text);

/* As escape_append(), for the LENGTH bytes at TEXT. */
void escape_append_bytes(char *ret, size_t size, const char *text, size_t length);

/* As escape_append(), but replaces the string in RET. */
void escape(char *ret, size_t size, const char *text);
