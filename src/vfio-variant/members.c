/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who else is in the IOMMU group of a device, and what that means for it. */
#include "members.h"

#include "facts.h"
#include "text.h"

struct search {
        struct vfio_variant_device *device;
        struct members *members;
};

static void keep_first(struct member *member, struct vfio_variant_device *device) {
        const char *driver = fact_string(device, VFIO_VARIANT_HOLDER);

        if (member->sysname[0] || !driver)
                return;
        (void)text_put(member->sysname, sizeof(member->sysname),
                       vfio_variant_device_get_sysname(device));
        (void)text_put(member->driver, sizeof(member->driver), driver);
}

static int look_at(struct vfio_variant_device *device, void *userdata) {
        const struct search *search = userdata;

        if (streq(vfio_variant_device_get_sysname(device),
                  vfio_variant_device_get_sysname(search->device)))
                return 0;
        search->members->n_others++;
        if (fact_number(device, VFIO_VARIANT_BREAKS_GROUP) > 0)
                keep_first(&search->members->in_the_way, device);
        if (fact_number(device, VFIO_VARIANT_TYPE) == VFIO_VARIANT_TYPE_VFIO)
                keep_first(&search->members->bound, device);
        return 0;
}

void members_look(struct vfio_variant_device *device, struct members *ret) {
        struct search search = {.device = device, .members = ret};

        *ret = (struct members){};
        (void)vfio_variant_device_each_member(device, look_at, &search);
}
