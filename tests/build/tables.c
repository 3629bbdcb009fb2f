/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Prints the tables of core, for tables.py. */
#include <stdio.h>

#include "bus.h"
#include "property.h"

static const char *const setters[] = {
        [PROPERTY_SET_BY_LOOKUP] = "lookup",
        [PROPERTY_SET_BY_NODES] = "nodes",
        [PROPERTY_SET_BY_ADMIN] = "admin",
};

int main(void) {
        for (const struct bus *bus = buses; bus->subsystem; bus++)
                (void)printf("bus %s %s\n", bus->subsystem, bus->bridges ? bus->bridges : "-");
        for (enum property i = 0; i < N_PROPERTIES; i++)
                (void)printf("property %s %s\n", property_name(i),
                             setters[property_rows[i].setter]);
        return 0;
}
