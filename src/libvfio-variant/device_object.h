/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The device: its handle, its properties, and the strings that its getters returned. */
#pragma once

#include <stdbool.h>

#include "alias.h"
#include "context.h"
#include "device_handle.h"
#include "guards.h"
#include "name.h"

/* VFIO_VARIANT_*; "": not set. */
struct properties {
        char driver[NAME_SIZE], module[NAME_SIZE], fallback[NAME_SIZE], pin[NAME_SIZE];
        char alias[ALIAS_SIZE];
        char bind[sizeof("force")];
};

/* Strings that getters keep: they may be different at the next call. */
enum kept {
        KEPT_VENDOR,
        KEPT_MODEL,
        KEPT_VARIANT_DRIVER,
        KEPT_VARIANT_MODULE,
        KEPT_VARIANT_ALIAS,
        KEPT_FALLBACK_DRIVER,
        KEPT_TAG,
        KEPT_PIN,
        KEPT_DRIVER,
        KEPT_UNBINDING_DRIVER,
        KEPT_DRIVER_MODULE,
        KEPT_GROUP_NODE,
        KEPT_CDEV_NODE,
        KEPT_BLOCKING_MEMBER,
        N_KEPT,
};

struct vfio_variant_device {
        unsigned n_refs;
        struct vfio_variant *context; /* a reference */
        struct handle handle;
        char physfn[SYSNAME_SIZE]; /* "" unless it is a virtual function */
        struct properties properties;
        enum vfio_variant_origin origin; /* of the driver in `properties` */
        bool has_properties;             /* `properties` were read or set */
        struct finding finding;          /* of the last vfio_variant_device_check_...() */
        /* Printable ASCII */
        char shown_sysname[SYSNAME_SIZE], shown_physfn[SYSNAME_SIZE], shown_bus[NAME_SIZE];
        char shown_modalias[HANDLE_MODALIAS_SIZE];
        char *shown_syspath;
        char *kept[N_KEPT];
};

/* Takes ownership of DEVICE_FD, which may be a negative errno, also on failure. */
int device_new(struct vfio_variant *context, int device_fd, struct vfio_variant_device **ret);

/*
 * Maps R, the result of reading the device's directory: -ENOENT becomes -ENODEV if the device was
 * removed, else -ENODATA.
 */
int device_map_error(const struct vfio_variant_device *device, int r);

/*
 * Returns TEXT, copied and printable, as the getter of WHICH does; or NULL with errno set if R is a
 * negative errno or TEXT is "".
 */
const char *device_keep(struct vfio_variant_device *device, enum kept which, int r,
                        const char *text);

/*
 * As vfio_variant_device_new(), for DEVPATH, a syspath without its /sys, as in the environment of
 * udev's programs.
 */
int vfio_variant_device_new_from_devpath(struct vfio_variant *context, const char *devpath,
                                         struct vfio_variant_device **ret);

/* Returns the enum vfio_variant_type, or a negative errno. *ret, if not NULL: the evidence. */
int device_type(struct vfio_variant_device *device, enum vfio_variant_evidence *ret);

/* As vfio_variant_device_check_use(), but asks only whether the system may need the device at the
 * next boot: guards_check_boot_use(). */
int vfio_variant_device_check_boot_use(struct vfio_variant_device *device);

/*
 * Reserves DEVICE for its VFIO_VARIANT_DRIVER by writing driver_override, unless it is bound to a
 * driver (VFIO_VARIANT_RESULT_ALREADY). Returns as vfio_variant_device_bind().
 */
int vfio_variant_device_claim(struct vfio_variant_device *device, struct vfio_variant_report **ret);
