/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A table on standard output, by libsmartcols: as wide as the screen, in colour where that has any.
 *
 * Where memory is short these end the program with EXIT_FAILURE: nothing half is printed.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "cleanup.h"

struct table;

struct table_column {
        const char *heading; /* NULL ends the columns */
        bool is_number;
        bool is_cut; /* where the screen has no room for all of it */
};

/* To be released with table_free(). */
struct table *table_new(const struct table_column *columns, bool has_headings);
void table_free(struct table *table);
DEFINE_CLEANUP(struct table *, table_free);

/*
 * A row of as many CELLS as there are columns, NULL for an empty one; strings are copied. COLOUR is
 * a name of terminal-colors.d(5) for the last cell, or NULL. NOTE goes on lines of its own below,
 * indented; NULL: none.
 */
void table_add(struct table *table, const char *const *cells, const char *colour, const char *note);

void table_print(struct table *table);
