/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of `list`: a line for each device, and on a terminal the reason on lines of its own. */
#include "list_table.h"

#include <string.h>

#include "terminal.h"
#include "text.h"

struct table *list_table_new(const struct list_columns *columns, bool has_headings) {
        struct table_column shown[LIST_N_COLUMNS + 1] = {};

        for (unsigned i = 0; i < columns->n; i++)
                shown[i] = (struct table_column){
                        .heading = list_column_name(columns->list[i]),
                        .is_number = columns->list[i] == LIST_GROUP,
                        .is_cut = columns->list[i] == LIST_NAME,
                        .is_coloured = columns->list[i] == LIST_STATE,
                };
        return table_new(shown, has_headings, !columns->is_given);
}

/* A terminal with fewer columns has no room for what another cell of the row has as well. */
#define WIDE 110

/* Only the default columns are fitted to the terminal. */
static bool is_fitted(const struct list_columns *columns) {
        return !columns->is_given && terminal_width() > 0;
}

bool list_is_narrow(const struct list_columns *columns) {
        return is_fitted(columns) && terminal_width() < WIDE;
}

/* The longest name of a kernel's driver has 20 characters. A longer one must not push the other
 * columns off the terminal. */
#define DRIVER_CELL_SIZE 25

static void truncate_driver(char cell[LIST_CELL_SIZE]) {
        if (strlen(cell) >= DRIVER_CELL_SIZE)
                (void)text_put(cell + DRIVER_CELL_SIZE - 4, LIST_CELL_SIZE - DRIVER_CELL_SIZE + 4,
                               "...");
}

static void fit_cell(const struct list_table *table, enum list_column column,
                     const struct device_state *state, char cell[LIST_CELL_SIZE]) {
        bool is_choice = streq(cell, state->driver);

        switch (column) {
        case LIST_DRIVER:
                truncate_driver(cell);
                break;
        case LIST_VARIANT:
                truncate_driver(cell);
                if (list_is_narrow(&table->columns) && *cell && is_choice)
                        (void)text_put(cell, LIST_CELL_SIZE, "=");
                break;
        case LIST_STATE:
                (void)text_put(cell, LIST_CELL_SIZE, state_text(state));
                break;
        default:
                break;
        }
}

/* Standard error has the reason once for all devices. */
static bool is_without_choice(struct vfio_variant_device *device,
                              const struct device_state *state) {
        return state->state == STATE_UNKNOWN && !vfio_variant_device_get_variant_driver(device);
}

/* The reason why an untagged device is not ready is printed by `info`. */
static bool has_note(const struct list_table *table, struct vfio_variant_device *device,
                     const struct device_state *state) {
        if (!is_fitted(&table->columns) || !state->reason[0])
                return false;
        return state->is_tagged ||
               (state->state != STATE_NOT_READY && !is_without_choice(device, state));
}

void list_table_add(const struct list_table *table, struct vfio_variant_device *device,
                    const struct device_state *state) {
        char cells[LIST_N_COLUMNS][LIST_CELL_SIZE];
        const char *pointers[LIST_N_COLUMNS];

        for (unsigned i = 0; i < table->columns.n; i++) {
                list_cell(table->columns.list[i], device, state, cells[i]);
                if (is_fitted(&table->columns))
                        fit_cell(table, table->columns.list[i], state, cells[i]);
                pointers[i] = *cells[i] ? cells[i] : NULL;
        }
        table_add(table->table, pointers, state_colour(state),
                  has_note(table, device, state) ? state->reason : NULL);
}
