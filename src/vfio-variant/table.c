/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A table on standard output, by libsmartcols. */
#include "table.h"

#include <libsmartcols/libsmartcols.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "messages.h"
#include "terminal.h"

/* A note is in a hidden column, the last one. */
struct table {
        struct libscols_table *scols;
        size_t coloured; /* the index of the column in colour */
        size_t n_columns;
};

static void add_column(struct table *table, const char *heading, int flags) {
        check_memory(scols_table_new_column(table->scols, heading, 0, flags));
}

struct table *table_new(const struct table_column *columns, bool has_headings, bool is_fitted) {
        struct table *table = calloc(1, sizeof(*table));
        size_t width = is_fitted ? terminal_width() : 0;

        check_memory(table);
        table->coloured = SIZE_MAX;
        table->scols = scols_new_table();
        check_memory(table->scols);
        (void)scols_table_enable_noheadings(table->scols, !has_headings);
        (void)scols_table_enable_colors(table->scols, terminal_has_colour());
        (void)scols_table_set_termforce(table->scols,
                                        width ? SCOLS_TERMFORCE_ALWAYS : SCOLS_TERMFORCE_NEVER);
        if (width)
                (void)scols_table_set_termwidth(table->scols, width);
        for (; columns->heading; columns++, table->n_columns++) {
                if (columns->is_coloured)
                        table->coloured = table->n_columns;
                add_column(table, columns->heading,
                           (columns->is_number ? SCOLS_FL_RIGHT : 0) |
                                   (columns->is_cut ? SCOLS_FL_TRUNC : 0));
        }
        add_column(table, "NOTE", SCOLS_FL_HIDDEN);
        return table;
}

void table_free(struct table *table) {
        scols_unref_table(table->scols);
        free(table);
}

void table_add(struct table *table, const char *const *cells, const char *colour,
               const char *note) {
        struct libscols_line *line = scols_table_new_line(table->scols, NULL);

        check_memory(line);
        for (size_t i = 0; i < table->n_columns; i++)
                check_memory(!cells[i] || scols_line_set_data(line, i, cells[i]) == 0);
        check_memory(!note || scols_line_set_data(line, table->n_columns, note) == 0);
        if (colour && table->coloured < table->n_columns)
                check_memory(scols_cell_set_color(scols_line_get_cell(line, table->coloured),
                                                  colour) == 0);
}

static const char *get_cell(const struct table *table, size_t row, size_t column) {
        struct libscols_line *line = scols_table_get_line(table->scols, row);

        return scols_cell_get_data(scols_line_get_cell(line, column));
}

void table_cut(struct table *table, size_t column, size_t length) {
        for (size_t row = 0; row < scols_table_get_nlines(table->scols); row++)
                check_memory(scols_line_set_data(scols_table_get_line(table->scols, row), column,
                                                 get_cell(table, row, column) + length) == 0);
}

/* libsmartcols puts each row on one line, since no column of ours is wrapped. */
void table_print(struct table *table) {
        size_t n = scols_table_get_nlines(table->scols);
        char *text = NULL, *at;
        const char *note;

        check_memory(scols_print_table_to_string(table->scols, &text) == 0 && text);
        at = text;
        if (n > 0 && !scols_table_is_noheadings(table->scols))
                (void)puts(strsep(&at, "\n"));
        for (size_t row = 0; row < n; row++) {
                (void)puts(strsep(&at, "\n"));
                note = get_cell(table, row, table->n_columns);
                if (note)
                        terminal_print_wrapped("  ", 2, note);
        }
        free(text);
}
