/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The device: opened by any of its names. */
#include "device_object.h"

#include <errno.h>
#include <string.h>
#include <syslog.h>

#include "bus.h"
#include "cleanup.h"
#include "database.h"
#include "device_properties.h"
#include "text.h"

DEFINE_CLEANUP(struct vfio_variant_device *, vfio_variant_device_unref);

/* A search for the devices with an address without its domain. */
struct short_search {
        const char *address;
        unsigned n;
        char sysname[SYSNAME_SIZE]; /* of the last device found */
};

static int match_short(const char *subsystem, const char *sysname, void *userdata) {
        struct short_search *search = userdata;
        size_t n = strlen(sysname), n_address = strlen(search->address);

        if (streq(subsystem, "pci") && n > n_address && sysname[n - n_address - 1] == ':' &&
            streq(sysname + n - n_address, search->address) &&
            text_put(search->sysname, sizeof(search->sysname), sysname) < sizeof(search->sysname))
                search->n++;
        return 0;
}

/* "3b:00.1" has one colon. So has the name of a CDX device, but no PCI device ends with it. */
static bool may_be_short(const char *name) {
        const char *colon = strchr(name, ':');

        return colon && !strchr(colon + 1, ':') && !strchr(name, '/');
}

/* Opens NAME. If devices of several domains have a short address none is chosen. */
static int find_named(const char *name) {
        struct short_search search = {.address = name};
        int r;

        if (!may_be_short(name))
                return device_find(name);
        r = device_each(match_short, &search);
        if (r < 0)
                return r;
        if (search.n > 1)
                return -ENOTUNIQ;
        return device_find(search.n == 1 ? search.sysname : name);
}

/* A USB network interface must not select its host controller. */
static bool is_for_guests(const struct vfio_variant_device *device) {
        return bus_find(device->handle.bus) != NULL;
}

_public_ int vfio_variant_device_new(struct vfio_variant *context, const char *name,
                                     struct vfio_variant_device **ret) {
        _cleanup_(vfio_variant_device_unrefp) struct vfio_variant_device *device = NULL;
        int r = device_new(context, find_named(name), &device);

        if (r < 0)
                return r;
        if (!is_for_guests(device) && !strchr(name, '/'))
                return -EXDEV;
        *ret = take_pointer(device);
        return 0;
}

/* The name of a bus or a sysname, not a path. */
static bool is_part(const char *name) {
        return *name && !strchr(name, '/') && !streq(name, ".") && !streq(name, "..");
}

_public_ int vfio_variant_device_new_from_subsystem_sysname(struct vfio_variant *context,
                                                            const char *subsystem,
                                                            const char *sysname,
                                                            struct vfio_variant_device **ret) {
        if (!is_part(subsystem) || !is_part(sysname))
                return -EINVAL;
        return device_new(context, device_open_on(subsystem, sysname), ret);
}

_public_ int vfio_variant_device_new_from_udev(struct vfio_variant *context,
                                               struct udev_device *udev_device,
                                               struct vfio_variant_device **ret) {
        _cleanup_(vfio_variant_device_unrefp) struct vfio_variant_device *device = NULL;
        const char *syspath = database_syspath(udev_device);
        int r = device_new(context, syspath ? device_open(syspath) : -ENODEV, &device);

        if (r < 0)
                return r;
        r = properties_read(device, udev_device);
        if (r < 0)
                return r;
        *ret = take_pointer(device);
        return 0;
}

int vfio_variant_device_new_from_devpath(struct vfio_variant *context, const char *devpath,
                                         struct vfio_variant_device **ret) {
        return device_new(context, device_open_devpath(devpath), ret);
}

struct device_walk {
        struct vfio_variant *context;
        vfio_variant_device_fn on_device;
        void *userdata;
};

static int visit_device(const char *subsystem, const char *sysname, void *userdata) {
        _cleanup_(vfio_variant_device_unrefp) struct vfio_variant_device *device = NULL;
        const struct device_walk *walk = userdata;
        int r = device_new(walk->context, device_open_on(subsystem, sysname), &device);

        /* Removed meanwhile, or with an invalid name */
        if (r == -ENODEV || r == -EINVAL || r == -EMSGSIZE)
                return 0;
        if (r < 0 && r != -ENOMEM && r != -EMFILE && r != -ENFILE) {
                context_log(walk->context, LOG_WARNING, sysname,
                            " is skipped: its directory in /sys has unexpected content");
                return 0;
        }
        return r < 0 ? r : walk->on_device(device, walk->userdata);
}

_public_ int vfio_variant_each_device(struct vfio_variant *context,
                                      vfio_variant_device_fn on_device, void *userdata) {
        struct device_walk walk = {
                .context = context, .on_device = on_device, .userdata = userdata};

        return device_each(visit_device, &walk);
}
