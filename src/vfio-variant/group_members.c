/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The other members of a device's IOMMU group, and what they mean for it. */
#include "group_members.h"

#include "text.h"

struct search {
        struct vfio_variant_device *device;
        struct members *members;
};

static void keep_first(struct member *member, struct vfio_variant_device *device) {
        const char *driver = vfio_variant_device_get_driver(device);

        if (member->sysname[0] || !driver)
                return;
        (void)text_put(member->sysname, sizeof(member->sysname),
                       vfio_variant_device_get_sysname(device));
        (void)text_put(member->driver, sizeof(member->driver), driver);
}

static int read_member(struct vfio_variant_device *device, void *userdata) {
        const struct search *search = userdata;

        if (streq(vfio_variant_device_get_sysname(device),
                  vfio_variant_device_get_sysname(search->device)))
                return 0;
        search->members->n_others++;
        if (vfio_variant_device_is_blocking(device) > 0)
                keep_first(&search->members->blocking, device);
        if (vfio_variant_device_get_type(device) == VFIO_VARIANT_TYPE_VFIO)
                keep_first(&search->members->bound, device);
        return 0;
}

void members_read(struct vfio_variant_device *device, struct members *ret) {
        struct search search = {.device = device, .members = ret};

        *ret = (struct members){};
        (void)vfio_variant_device_each_member(device, read_member, &search);
}
