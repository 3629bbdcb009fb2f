/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Standard output, as a person sees it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/*
 * The columns that a line has: of the terminal, or, where that doesn't say or there is none, of
 * $COLUMNS. 0 where nobody says: lines may be as long as they are.
 */
size_t terminal_width(void);

/* Is it a terminal, and nobody against colour? Source: no-color.org. */
bool terminal_has_colour(void);

/*
 * Says WHAT takes more than a second, to who sits at a terminal; NULL: it is done, and the line is
 * empty again. What is printed meanwhile takes its place.
 */
void terminal_show_progress(const char *what);

/* Prints FIRST and TEXT, which are ASCII, in lines that are not too long; all but the first are
 * indented by INDENT blanks. */
void terminal_print_wrapped(const char *first, size_t indent, const char *text);

/* The same for what FORMAT makes, which is cut behind 4095 letters. */
__attribute__((format(printf, 3, 4))) void terminal_print(const char *first, size_t indent,
                                                          const char *format, ...);
