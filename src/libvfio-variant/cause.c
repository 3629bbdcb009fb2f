/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Why a VFIO driver binds a device whose driver_override does not name it. */
#include "report.h"

#include <stdbool.h>
#include <stdio.h>

#include "context.h"
#include "name.h"
#include "text.h"

/* Returns false if there is no line for DRIVER. */
static bool find_for(const char *modalias, const char *driver, char ret[CAUSE_SIZE]) {
        char module[NAME_SIZE], ids[PLACE_SIZE], alias[PLACE_SIZE];
        bool by_ids, by_alias;
        int n = 0;

        /* The VFIO drivers with a hyphen in their names have an underscore in their modules' */
        name_normalise(driver, module);
        by_ids = place_of(NULL, PLACE_IDS, module, modalias, ids) > 0;
        by_alias = place_of(NULL, PLACE_ALIAS_FOR, module, modalias, alias) > 0;
        if (by_ids)
                n = snprintf(ret, CAUSE_SIZE, "ids= in %s names it for %s", ids, driver);
        if (by_alias)
                (void)snprintf(ret + n, CAUSE_SIZE - (size_t)n,
                               "%sthe alias in %s loads %s for it, not the native driver",
                               n > 0 ? ", and " : "", alias, driver);
        return by_ids || by_alias;
}

void cause_find(const char *modalias, const char *driver, char ret[CAUSE_SIZE]) {
        ret[0] = '\0';
        if (find_for(modalias, driver, ret) || find_for(modalias, "vfio-pci", ret))
                copy_printable(ret, CAUSE_SIZE, ret);
}
