/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The devices of a command, each once. */
#include "device_set.h"

#include <errno.h>
#include <stdlib.h>

#include "identity.h"
#include "messages.h"
#include "open_device.h"
#include "text.h"

void device_set_done(struct device_set *set) {
        while (set->n > 0)
                (void)vfio_variant_device_unref(set->devices[--set->n]);
        free(set->devices);
        *set = (struct device_set){};
}

static bool is_same(const struct vfio_variant_device *a, const struct vfio_variant_device *b) {
        return streq(vfio_variant_device_get_sysname(a), vfio_variant_device_get_sysname(b)) &&
               streq(vfio_variant_device_get_subsystem(a), vfio_variant_device_get_subsystem(b));
}

static bool has(const struct device_set *set, const struct vfio_variant_device *device) {
        for (unsigned i = 0; i < set->n; i++)
                if (is_same(set->devices[i], device))
                        return true;
        return false;
}

void device_set_append(struct device_set *set, struct vfio_variant_device *device) {
        array_append(set->devices, set->n, vfio_variant_device_ref(device));
}

void device_set_add(struct device_set *set, struct vfio_variant_device *device) {
        if (!has(set, device))
                device_set_append(set, device);
}

static int add_member(struct vfio_variant_device *member, void *userdata) {
        if (!identity_not_for_guests(member))
                device_set_add(userdata, member);
        return 0;
}

int device_set_add_named(struct device_set *set, struct vfio_variant *context, const char *name,
                         bool with_group) {
        _cleanup_(vfio_variant_device_unrefp) struct vfio_variant_device *device = NULL;
        int status = open_named(context, name, &device), r = 0;

        log_set_device(NULL);
        if (status != EXIT_SUCCESS)
                return status;
        if (with_group)
                r = vfio_variant_device_each_member(device, add_member, set);
        if (r == -ENODATA) /* it has no group */
                r = 0;
        /* Also a bridge: that it was named is an error, which is reported by the command */
        if (r >= 0)
                device_set_add(set, device);
        return r < 0 ? report_open_error(name, r) : EXIT_SUCCESS;
}

void device_set_take_group(struct device_set *from, struct device_set *to) {
        int group = vfio_variant_device_get_iommu_group(from->devices[0]);
        unsigned n = from->n;

        from->n = 0;
        for (unsigned i = 0; i < n; i++) {
                struct vfio_variant_device *device = from->devices[i];

                if (i > 0 && (group < 0 || vfio_variant_device_get_iommu_group(device) != group)) {
                        from->devices[from->n++] = device;
                        continue;
                }
                device_set_append(to, device);
                (void)vfio_variant_device_unref(device);
        }
}
