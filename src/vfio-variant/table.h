/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A table on standard output, by libsmartcols: in colour if the terminal has colours. If memory is
 * short, these functions end the program, and nothing is printed.
 */
#pragma once

#include <stdbool.h>

#include "cleanup.h"

struct table;

struct table_column {
        const char *heading; /* NULL ends the columns */
        bool is_number;
        bool is_cut;      /* if the terminal has no room for all of it */
        bool is_coloured; /* at most one */
};

/* Freed with table_free(). IS_FITTED: to the width of the terminal. */
struct table *table_new(const struct table_column *columns, bool has_headings, bool is_fitted);
void table_free(struct table *table);
DEFINE_CLEANUP(struct table *, table_free);

/*
 * Adds a row of as many CELLS as there are columns, NULL for an empty one; strings are copied.
 * COLOUR, or NULL, is a name of terminal-colors.d(5) for the cell of the coloured column. NOTE, or
 * NULL, is printed on lines of its own below, indented.
 */
void table_add(struct table *table, const char *const *cells, const char *colour, const char *note);

/* Removes the first LENGTH characters of each cell of COLUMN. */
void table_cut(struct table *table, size_t column, size_t length);

void table_print(struct table *table);
