/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The device: opened by any of its names, and who holds it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "cleanup.h"
#include "database.h"
#include "objects.h"
#include "search.h"
#include "text.h"
#include "trigger.h"

DEFINE_CLEANUP(struct vfio_variant_device *, vfio_variant_device_unref);

int device_new(struct vfio_variant *context, int device_fd, struct vfio_variant_device **ret) {
        struct vfio_variant_device *device = calloc(1, sizeof(*device));
        int r;

        if (!device) {
                fd_close(device_fd);
                return -ENOMEM;
        }
        r = handle_open(device_fd, &device->handle);
        if (r < 0) {
                free(device);
                return r;
        }
        device->n_refs = 1;
        device->context = vfio_variant_ref(context);
        if (device_physfn(device->handle.fd, device->physfn) < 0)
                device->physfn[0] = '\0';
        show_text(device->shown_sysname, sizeof(device->shown_sysname), device->handle.sysname);
        show_text(device->shown_modalias, sizeof(device->shown_modalias), device->handle.modalias);
        *ret = device;
        return 0;
}

/* An address without its domain, and whom it names. */
struct short_search {
        const char *address;
        unsigned n;
        char sysname[SYSNAME_SIZE]; /* of the last that was found */
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

/* "3b:00.1" has one colon; so has a CDX device's name, which is looked for to no end. */
static bool may_be_short(const char *name) {
        const char *colon = strchr(name, ':');

        return colon && !strchr(colon + 1, ':') && !strchr(name, '/');
}

/* Opens NAME, and doesn't guess: there may be a short address in each domain. */
static int find_named(struct vfio_variant *context, const char *name) {
        struct short_search search = {.address = name};
        int r;

        if (!may_be_short(name))
                return device_find(name);
        r = context_open_udev(context);
        if (r >= 0)
                r = search_all(context->udev, match_short, &search);
        if (r < 0)
                return r;
        if (search.n > 1)
                return -ENOTUNIQ;
        return device_find(search.n == 1 ? search.sysname : name);
}

/* An interface of USB is none of the controller that much else hangs on. */
static bool is_for_guests(const struct vfio_variant_device *device) {
        return streq(device->handle.bus, "pci") || streq(device->handle.bus, "cdx");
}

_public_ int vfio_variant_device_new(struct vfio_variant *context, const char *name,
                                     struct vfio_variant_device **ret) {
        _cleanup_(vfio_variant_device_unrefp) struct vfio_variant_device *device = NULL;
        int r = device_new(context, find_named(context, name), &device);

        if (r < 0)
                return r;
        if (!is_for_guests(device) && !strchr(name, '/'))
                return -EXDEV;
        *ret = take_pointer(device);
        return 0;
}

/* A bus is no path, and neither is a sysname. */
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
        const char *syspath = database_syspath(udev_device);
        int r = device_new(context, syspath ? device_open(syspath) : -ENODEV, ret);

        return r < 0 ? r : properties_read(*ret, udev_device);
}

int vfio_variant_device_new_from_devpath(struct vfio_variant *context, const char *devpath,
                                         struct vfio_variant_device **ret) {
        return device_new(context, device_open_devpath(devpath), ret);
}

_public_ struct vfio_variant_device *vfio_variant_device_ref(struct vfio_variant_device *device) {
        if (device)
                device->n_refs++;
        return device;
}

_public_ struct vfio_variant_device *vfio_variant_device_unref(struct vfio_variant_device *device) {
        if (!device || --device->n_refs > 0)
                return NULL;
        handle_close(&device->handle);
        for (size_t i = 0; i < sizeof(device->strings) / sizeof(device->strings[0]); i++)
                free(device->strings[i]);
        (void)vfio_variant_unref(device->context);
        free(device);
        return NULL;
}

struct walk {
        struct vfio_variant *context;
        vfio_variant_device_fn on_device;
        void *userdata;
};

static int visit(const char *subsystem, const char *sysname, void *userdata) {
        _cleanup_(vfio_variant_device_unrefp) struct vfio_variant_device *device = NULL;
        const struct walk *walk = userdata;
        int r = device_new(walk->context, device_open(sysname), &device);

        (void)subsystem;
        /* Gone since it was listed; or none that we could name */
        if (r == -ENODEV || r == -EINVAL || r == -EMSGSIZE)
                return 0;
        if (r < 0 && r != -ENOMEM && r != -EMFILE && r != -ENFILE) {
                context_log(walk->context, LOG_WARNING, sysname,
                            " was passed over: its folder in /sys has what no kernel puts there");
                return 0;
        }
        return r < 0 ? r : walk->on_device(device, walk->userdata);
}

_public_ int vfio_variant_each_device(struct vfio_variant *context,
                                      vfio_variant_device_fn on_device, void *userdata) {
        struct walk walk = {.context = context, .on_device = on_device, .userdata = userdata};
        int r = context_open_udev(context);

        return r < 0 ? r : search_all(context->udev, visit, &walk);
}

const char *vfio_variant_device_get_sysname(const struct vfio_variant_device *device) {
        return device->shown_sysname;
}

const char *vfio_variant_device_get_bus(const struct vfio_variant_device *device) {
        return device->handle.bus;
}

const char *vfio_variant_device_get_modalias(const struct vfio_variant_device *device) {
        return device->shown_modalias;
}

int vfio_variant_device_trigger(struct vfio_variant_device *device) {
        return device_trigger(device->handle.fd);
}
