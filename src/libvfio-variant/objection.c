/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What speaks against binding a device, for who only wants to know. */
#include <errno.h>

#include "objects.h"
#include "text.h"

int vfio_variant_device_find_objection(struct vfio_variant_device *device, const char **ret_clause,
                                       int *ret_yields_to_force) {
        struct finding finding;
        int r = handle_find(&device->handle); /* of what is gone nothing is known any more */

        if (r >= 0)
                r = device_answer(device, guards_look(&device->handle, &finding));
        if (r < 0)
                return r == -ESTALE ? -ENODEV : r;
        (void)text_put(device->objection, sizeof(device->objection), finding.text);
        *ret_clause = device->objection;
        *ret_yields_to_force = guard_yields_to_force(finding.guard);
        return r;
}
