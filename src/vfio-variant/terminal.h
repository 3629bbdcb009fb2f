/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Properties of the terminal, and output that is fitted to it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* The number of columns: of the terminal, or if that is unknown of $COLUMNS; 0 if both are unknown,
 * and lines are not wrapped. */
size_t terminal_width(void);

/* Whether standard output is a terminal and colours are not disabled. Source: no-color.org. */
bool terminal_has_colour(void);

/* Shows on a terminal WHAT takes more than a second; NULL erases the line. Other output replaces
 * it. */
void terminal_show_progress(const char *what);

/* Prints FIRST and TEXT, which are ASCII, wrapped to the terminal; all lines but the first are
 * indented by INDENT spaces. */
void terminal_print_wrapped(const char *first, size_t indent, const char *text);

/* The same for a formatted text, which is truncated after 4095 characters. */
__attribute__((format(printf, 3, 4))) void terminal_print(const char *first, size_t indent,
                                                          const char *format, ...);
