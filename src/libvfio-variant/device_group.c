/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The members of an IOMMU group, and whether it is viable. */
#include <errno.h>
#include <string.h>

#include "cleanup.h"
#include "device_object.h"
#include "directory.h"
#include "driver.h"
#include "iommu_group.h"
#include "text.h"

DEFINE_CLEANUP(struct vfio_variant_device *, vfio_variant_device_unref);

struct member_walk {
        struct vfio_variant_device *device;
        vfio_variant_device_fn on_member;
        void *userdata;
        bool is_found; /* there is a group */
};

/* A member that was removed meanwhile is skipped. */
static int visit_member(int device_fd, const char *sysname, void *userdata) {
        _cleanup_(vfio_variant_device_unrefp) struct vfio_variant_device *member = NULL;
        struct member_walk *walk = userdata;
        int r;

        walk->is_found = true;
        if (streq(sysname, walk->device->handle.sysname))
                return walk->on_member(walk->device, walk->userdata);
        r = device_new(walk->device->context, group_open_member(device_fd, sysname), &member);
        if (r < 0)
                return r == -ENODEV || r == -ENOENT ? 0 : r;
        return walk->on_member(member, walk->userdata);
}

_public_ int vfio_variant_device_each_member(struct vfio_variant_device *device,
                                             vfio_variant_device_fn on_member, void *userdata) {
        struct member_walk walk = {.device = device, .on_member = on_member, .userdata = userdata};
        int r = directory_read_sorted(device->handle.fd, "iommu_group/devices", visit_member,
                                      &walk);

        return walk.is_found ? r : device_map_error(device, r);
}

_public_ int vfio_variant_device_is_blocking(struct vfio_variant_device *device) {
        char driver[DRIVER_SIZE];
        int type = device_type(device, NULL), r;

        if (type < 0)
                return type;
        if (type != VFIO_VARIANT_TYPE_NATIVE && type != VFIO_VARIANT_TYPE_XEN)
                return 0;
        r = device_driver(device->handle.fd, driver);
        if (r < 0)
                return r == -ENOENT ? 0 : r;
        return !driver_keeps_group_viable(driver);
}

/* Stops at the first blocking member. USERDATA: its sysname. */
static int find_blocking(struct vfio_variant_device *member, void *userdata) {
        int r = vfio_variant_device_is_blocking(member);

        if (r == -ENODEV) /* it was removed */
                return 0;
        if (r > 0)
                (void)text_put(userdata, SYSNAME_SIZE, member->handle.sysname);
        return r;
}

_public_ const char *vfio_variant_device_get_blocking_member(struct vfio_variant_device *device) {
        char sysname[SYSNAME_SIZE] = "";
        int r = vfio_variant_device_each_member(device, find_blocking, sysname);

        return device_keep(device, KEPT_BLOCKING_MEMBER, r, sysname);
}

_public_ int vfio_variant_device_is_group_viable(struct vfio_variant_device *device) {
        char sysname[SYSNAME_SIZE];
        int r = vfio_variant_device_each_member(device, find_blocking, sysname);

        return r < 0 ? r : r == 0;
}
