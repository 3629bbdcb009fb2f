/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The device: creation, release and identity. */
#include "device_object.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "text.h"

DEFINE_CLEANUP(struct vfio_variant_device *, vfio_variant_device_unref);

static void device_free(struct vfio_variant_device *device) {
        for (size_t i = 0; i < N_KEPT; i++)
                free(device->kept[i]);
        free(device->shown_syspath);
        handle_close(&device->handle);
        (void)vfio_variant_unref(device->context);
        free(device);
}

/* Sets the printable strings of the identity. Returns 0 or -ENOMEM. */
static int set_printable_identity(struct vfio_variant_device *device) {
        const struct handle *handle = &device->handle;

        copy_printable(device->shown_sysname, sizeof(device->shown_sysname), handle->sysname);
        copy_printable(device->shown_physfn, sizeof(device->shown_physfn), device->physfn);
        copy_printable(device->shown_bus, sizeof(device->shown_bus), handle->bus);
        copy_printable(device->shown_modalias, sizeof(device->shown_modalias), handle->modalias);
        device->shown_syspath = strdup(handle->syspath);
        if (!device->shown_syspath)
                return -ENOMEM;
        copy_printable(device->shown_syspath, strlen(device->shown_syspath) + 1,
                       device->shown_syspath);
        return 0;
}

int device_new(struct vfio_variant *context, int device_fd, struct vfio_variant_device **ret) {
        _cleanup_(vfio_variant_device_unrefp) struct vfio_variant_device *device = NULL;
        int r;

        device = calloc(1, sizeof(*device));
        if (!device) {
                fd_close(device_fd);
                return -ENOMEM;
        }
        device->n_refs = 1;
        device->handle = HANDLE_NONE;
        r = handle_open(device_fd, &device->handle);
        if (r < 0)
                return r;
        device->context = vfio_variant_ref(context);
        if (device_physfn(device->handle.fd, device->physfn) < 0)
                device->physfn[0] = '\0';
        r = set_printable_identity(device);
        if (r < 0)
                return r;
        *ret = take_pointer(device);
        return 0;
}

_public_ struct vfio_variant_device *vfio_variant_device_ref(struct vfio_variant_device *device) {
        if (device)
                device->n_refs++;
        return device;
}

_public_ struct vfio_variant_device *vfio_variant_device_unref(struct vfio_variant_device *device) {
        if (device && --device->n_refs == 0)
                device_free(device);
        return NULL;
}

_public_ struct vfio_variant *
vfio_variant_device_get_context(const struct vfio_variant_device *device) {
        return device->context;
}

int device_map_error(const struct vfio_variant_device *device, int r) {
        int r_there;

        if (r != -ENOENT)
                return r;
        /* The directory of a removed device is empty. Another device may have its name */
        r_there = handle_find(&device->handle);
        if (r_there >= 0)
                return -ENODATA;
        return r_there == -ESTALE ? -ENODEV : r_there;
}

/*
 * Replaces *kept, unless it is the same: the caller of the getter may still use it. Returns 0 or
 * -ENOMEM.
 */
static int keep_text(char **kept, const char *text) {
        char *copy;

        if (*kept && streq(*kept, text))
                return 0;
        copy = strdup(text);
        if (!copy)
                return -ENOMEM;
        copy_printable(copy, strlen(copy) + 1, copy);
        if (*kept && streq(*kept, copy)) { /* TEXT is not printable */
                free(copy);
                return 0;
        }
        free(*kept);
        *kept = copy;
        return 0;
}

const char *device_keep(struct vfio_variant_device *device, enum kept which, int r,
                        const char *text) {
        if (r >= 0)
                r = *text ? keep_text(&device->kept[which], text) : -ENODATA;
        if (r >= 0)
                return device->kept[which];
        errno = -r;
        return NULL;
}

_public_ const char *vfio_variant_device_get_sysname(const struct vfio_variant_device *device) {
        return device->shown_sysname;
}

_public_ const char *vfio_variant_device_get_syspath(const struct vfio_variant_device *device) {
        return device->shown_syspath;
}

_public_ const char *vfio_variant_device_get_subsystem(const struct vfio_variant_device *device) {
        return device->shown_bus;
}

_public_ const char *vfio_variant_device_get_modalias(const struct vfio_variant_device *device) {
        return string_or_null(device->shown_modalias);
}

_public_ const char *vfio_variant_device_get_physfn(const struct vfio_variant_device *device) {
        return string_or_null(device->shown_physfn);
}
