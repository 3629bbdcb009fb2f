/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of `list`: its columns, what each has of a device, and its lines. */
#pragma once

#include "device_state.h"
#include "table.h"

enum list_column {
        LIST_ADDRESS,
        LIST_NAME,
        LIST_DRIVER,
        LIST_VARIANT,
        LIST_GROUP,
        LIST_STATE,
        LIST_N_DEFAULT, /* the following are printed only with --output */
        LIST_TYPE = LIST_N_DEFAULT,
        LIST_TAG,
        LIST_VENDOR,
        LIST_IDS,
        LIST_MODALIAS,
        LIST_PHYSFN,
        LIST_N_COLUMNS,
};

/* The columns of a table, in its order. */
struct list_columns {
        enum list_column list[LIST_N_COLUMNS];
        unsigned n;
        bool is_given; /* by --output */
};

/* NAMES: separated by commas, or NULL for the default. Returns EXIT_SUCCESS, or EXIT_USAGE after a
 * message. */
int list_columns_parse(const char *names, struct list_columns *ret);

/* "ADDRESS". Static. */
const char *list_column_name(enum list_column column);

/* Space for any of them. A longer one is truncated. */
#define LIST_CELL_SIZE STATE_SIZE

/* What COLUMN has of DEVICE, without regard to the width of the terminal; "" if that is nothing. */
void list_cell(enum list_column column, struct vfio_variant_device *device,
               const struct device_state *state, char ret[LIST_CELL_SIZE]);

struct list_table {
        struct table *table;
        struct list_columns columns;
};

/* Has the terminal fewer columns than the whole table needs? No if its columns are given. */
bool list_is_narrow(const struct list_columns *columns);

/* Creates the table, which is freed with table_free(). */
struct table *list_table_new(const struct list_columns *columns, bool has_headings);

void list_table_add(const struct list_table *table, struct vfio_variant_device *device,
                    const struct device_state *state);
