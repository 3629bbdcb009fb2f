/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Strings of devices, drivers and processes, made fit to be shown to a person. */
#pragma once

#include <stddef.h>

/*
 * Appends TEXT to the string in RET, of SIZE bytes: what is not printable ASCII as \xHH, so that
 * nothing of it moves a cursor or starts a line. What does not fit is cut.
 */
void show_add(char *ret, size_t size, const char *text);

/* The same with the LENGTH bytes at TEXT. */
void show_add_bytes(char *ret, size_t size, const char *text, size_t length);

/* The same as the whole of RET. */
void show(char *ret, size_t size, const char *text);
