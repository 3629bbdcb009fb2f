/*
 * virpcivariant_udev.c: the VFIO variant driver that the udev database has for a PCI device
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <config.h>

#include <libudev.h>

#include "virpcivariant.h"
#include "viralloc.h"
#include "virerror.h"

#define VIR_FROM_THIS VIR_FROM_NONE

typedef struct udev virUdev;
typedef struct udev_device virUdevDevice;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(virUdev, udev_unref);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(virUdevDevice, udev_device_unref);


int
virPCIVariantLookUp(const char *name, virPCIVariant **variant)
{
    g_autoptr(virUdev) udev = NULL;
    g_autoptr(virUdevDevice) device = NULL;
    const char *driver;

    if (!(udev = udev_new())) {
        virReportSystemError(errno, "%s", _("cannot open udev"));
        return -1;
    }

    /* A device that udev does not know, as in a container, has no variant. */
    if (!(device = udev_device_new_from_subsystem_sysname(udev, "pci", name)) ||
        !(driver = udev_device_get_property_value(device, "VFIO_VARIANT_DRIVER")))
        return 0;

    *variant = g_new0(virPCIVariant, 1);
    (*variant)->driver = g_strdup(driver);
    (*variant)->module = g_strdup(udev_device_get_property_value(device, "VFIO_VARIANT_MODULE"));
    (*variant)->fallback = g_strdup(udev_device_get_property_value(device, "VFIO_VARIANT_FALLBACK"));
    return 1;
}
