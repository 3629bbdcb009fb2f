/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The members of an IOMMU group, and whether it is viable. */
#include <errno.h>
#include <string.h>

#include "arena.h"
#include "cleanup.h"
#include "device_object.h"
#include "device_type.h"
#include "driver.h"
#include "iommu_group.h"
#include "text.h"

DEFINE_CLEANUP(struct vfio_variant_device *, vfio_variant_device_unref);

/* The sysnames of the members, sorted. */
struct names {
        struct arena arena;
        struct name {
                struct name *next;
                const char *sysname;
        } * first;
};

static void names_done(struct names *names) {
        arena_done(&names->arena);
}

static int add_name(int member_fd, const char *sysname, void *userdata) {
        struct names *names = userdata;
        struct name **at = &names->first, *name = arena_take(&names->arena, sizeof(*name));

        (void)member_fd;
        if (!name)
                return -ENOMEM;
        name->sysname = arena_text(&names->arena, sysname);
        if (!name->sysname)
                return -ENOMEM;
        while (*at && strcmp((*at)->sysname, sysname) < 0)
                at = &(*at)->next;
        name->next = *at;
        *at = name;
        return 0;
}

/* A member that was removed meanwhile is skipped. */
static int visit_member(struct vfio_variant_device *device, const char *sysname,
                        vfio_variant_device_fn on_member, void *userdata) {
        _cleanup_(vfio_variant_device_unrefp) struct vfio_variant_device *member = NULL;
        int r;

        if (streq(sysname, device->handle.sysname))
                return on_member(device, userdata);
        r = device_new(device->context, group_open_member(device->handle.fd, sysname), &member);

        if (r < 0)
                return r == -ENODEV || r == -ENOENT ? 0 : r;
        return on_member(member, userdata);
}

_public_ int vfio_variant_device_each_member(struct vfio_variant_device *device,
                                             vfio_variant_device_fn on_member, void *userdata) {
        _cleanup_(names_done) struct names names = {};
        int r = group_each_member(device->handle.fd, add_name, &names);

        if (r < 0)
                return device_map_error(device, r);
        for (const struct name *name = names.first; name && r == 0; name = name->next)
                r = visit_member(device, name->sysname, on_member, userdata);
        return r;
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
