/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What prevents a device from being bound. */
#include "device_object.h"

#include <errno.h>
#include <stdlib.h>

_public_ int vfio_variant_set_snapshot(struct vfio_variant *context, int enabled) {
        context_drop_snapshot(context);
        if (!enabled)
                return 0;
        context->snapshot = calloc(1, sizeof(*context->snapshot));
        return context->snapshot ? 0 : -ENOMEM;
}

static int run_check(struct vfio_variant_device *device,
                     int (*check)(const struct handle *handle, struct snapshot *snapshot,
                                  struct finding *ret)) {
        struct finding finding = {};
        int r = handle_find(&device->handle); /* a removed device has no guards */

        if (r >= 0)
                r = device_map_error(device,
                                     check(&device->handle, device->context->snapshot, &finding));
        device->finding = finding;
        return r == -ESTALE ? -ENODEV : r;
}

_public_ int vfio_variant_device_check_guards(struct vfio_variant_device *device) {
        return run_check(device, guards_check);
}

_public_ int vfio_variant_device_check_use(struct vfio_variant_device *device) {
        return run_check(device, guards_check_use);
}

int vfio_variant_device_check_boot_use(struct vfio_variant_device *device) {
        return run_check(device, guards_check_boot_use);
}

_public_ const char *vfio_variant_device_get_finding(const struct vfio_variant_device *device) {
        return string_or_null(device->finding.text);
}

_public_ unsigned vfio_variant_device_get_unexamined(const struct vfio_variant_device *device) {
        return device->finding.unexamined;
}

_public_ int vfio_variant_device_can_force(const struct vfio_variant_device *device) {
        return guard_can_be_forced(device->finding.guard);
}
