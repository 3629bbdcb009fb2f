/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of `list`. */
#pragma once

#include "device_state.h"
#include "table.h"

struct table *list_table_new(bool has_headings);

/* IS_OF_ONE_DOMAIN: all devices of the table are PCI's, and in domain 0. */
void list_table_add(struct table *table, struct vfio_variant_device *device,
                    const struct device_state *state, bool is_of_one_domain);
