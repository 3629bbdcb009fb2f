/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of `list`. */
#pragma once

#include "list_columns.h"
#include "table.h"

struct list_table {
        struct table *table;
        struct list_columns columns;
        bool is_in_one_domain; /* all devices are PCI's, and in domain 0 */
};

/* Creates the table, which is freed with table_free(). */
struct table *list_table_new(const struct list_columns *columns, bool has_headings);

void list_table_add(const struct list_table *table, struct vfio_variant_device *device,
                    const struct device_state *state);
