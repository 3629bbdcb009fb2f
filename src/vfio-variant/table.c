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

struct table {
        struct libscols_table *scols;
        bool has_headings;
        size_t coloured; /* the index of the column in colour */
        char **notes;    /* one for each row, may be NULL */
        size_t n_rows;
};

struct table *table_new(const struct table_column *columns, bool has_headings, bool is_fitted) {
        struct table *table = calloc(1, sizeof(*table));
        size_t width = is_fitted ? terminal_width() : 0;

        check_memory(table);
        table->coloured = SIZE_MAX;
        table->scols = scols_new_table();
        check_memory(table->scols);
        table->has_headings = has_headings;
        (void)scols_table_enable_noheadings(table->scols, !has_headings);
        (void)scols_table_enable_colors(table->scols, terminal_has_colour());
        (void)scols_table_set_termforce(table->scols,
                                        width ? SCOLS_TERMFORCE_ALWAYS : SCOLS_TERMFORCE_NEVER);
        if (width)
                (void)scols_table_set_termwidth(table->scols, width);
        for (size_t i = 0; columns->heading; columns++, i++) {
                if (columns->is_coloured)
                        table->coloured = i;
                check_memory(
                        scols_table_new_column(table->scols, columns->heading, 0,
                                               (columns->is_number ? SCOLS_FL_RIGHT : 0) |
                                                       (columns->is_cut ? SCOLS_FL_TRUNC : 0)));
        }
        return table;
}

void table_free(struct table *table) {
        for (size_t i = 0; i < table->n_rows; i++)
                free(table->notes[i]);
        free(table->notes);
        scols_unref_table(table->scols);
        free(table);
}

static void add_note(struct table *table, const char *note) {
        char **notes = reallocarray(table->notes, table->n_rows + 1, sizeof(*notes));
        char *copy = note ? strdup(note) : NULL;

        check_memory(notes && (copy || !note));
        table->notes = notes;
        notes[table->n_rows++] = copy;
}

void table_add(struct table *table, const char *const *cells, const char *colour,
               const char *note) {
        struct libscols_line *line = scols_table_new_line(table->scols, NULL);
        size_t n = scols_table_get_ncols(table->scols);

        check_memory(line);
        for (size_t i = 0; i < n; i++)
                check_memory(!cells[i] || scols_line_set_data(line, i, cells[i]) == 0);
        if (colour && table->coloured < n)
                check_memory(scols_cell_set_color(scols_line_get_cell(line, table->coloured),
                                                  colour) == 0);
        add_note(table, note);
}

/* libsmartcols puts each row on one line, since no column of ours is wrapped. */
void table_print(struct table *table) {
        char *text = NULL, *at;
        size_t row = 0;

        check_memory(scols_print_table_to_string(table->scols, &text) == 0 && text);
        at = text;
        if (table->has_headings && table->n_rows > 0)
                (void)puts(strsep(&at, "\n"));
        for (; row < table->n_rows; row++) {
                (void)puts(strsep(&at, "\n"));
                if (table->notes[row])
                        terminal_print_wrapped("  ", 2, table->notes[row]);
        }
        free(text);
}
