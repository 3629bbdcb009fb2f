/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Why a VFIO driver takes a device that was unbound from it. */
#include "cause.h"

#include <stdio.h>

#include "tell.h"

/* Returns whether there is a line for DRIVER. */
static bool find_for(const struct vfio_variant_device *device, const char *driver,
                     char ret[CAUSE_SIZE]) {
        char ids[VFIO_VARIANT_PATH_SIZE], alias[VFIO_VARIANT_PATH_SIZE];
        bool by_ids = vfio_variant_device_find_line(device, VFIO_VARIANT_LINE_IDS, driver, ids) > 0;
        bool by_alias =
                vfio_variant_device_find_line(device, VFIO_VARIANT_LINE_ALIAS, driver, alias) > 0;
        int n = 0;

        if (by_ids)
                n = snprintf(ret, CAUSE_SIZE, "ids= in %s names it for %s", ids, driver);
        if (by_alias)
                (void)snprintf(ret + n, CAUSE_SIZE - (size_t)n,
                               "%sthe alias in %s loads %s for it, not the native driver",
                               n > 0 ? ", and " : "", alias, driver);
        return by_ids || by_alias;
}

void cause_find(const struct vfio_variant_device *device, const char *driver,
                char ret[CAUSE_SIZE]) {
        ret[0] = '\0';
        if (!find_for(device, driver, ret))
                (void)find_for(device, "vfio-pci", ret);
}

void cause_tell(const struct vfio_variant_device *device, const char *driver) {
        char cause[CAUSE_SIZE];

        cause_find(device, driver, cause);
        log_error("cannot unbind it: ", driver, " took it again: ",
                  *cause ? cause
                         : "it has an ID of this device (new_id, or ids= when it was loaded)",
                  *cause ? "; remove that, and reboot or reload the module of "
                         : "; write that ID to remove_id of ",
                  driver);
}
