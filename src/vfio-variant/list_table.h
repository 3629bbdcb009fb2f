/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of `list`. */
#pragma once

#include "state.h"
#include "table.h"

struct table *list_table_new(bool has_headings);
void list_table_add(struct table *table, struct vfio_variant_device *device,
                    const struct device_state *state);
