/*
 * virpcivariant_library.c: the VFIO variant driver that libvfio-variant has for a PCI device
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <config.h>

#include <vfio-variant.h>

#include "virpcivariant.h"
#include "viralloc.h"
#include "virerror.h"

#define VIR_FROM_THIS VIR_FROM_NONE

typedef struct vfio_variant virVariantContext;
typedef struct vfio_variant_device virVariantDevice;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(virVariantContext, vfio_variant_unref);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(virVariantDevice, vfio_variant_device_unref);


int
virPCIVariantLookUp(const char *name, virPCIVariant **variant)
{
    g_autoptr(virVariantContext) context = NULL;
    g_autoptr(virVariantDevice) device = NULL;
    int rc;

    if ((rc = vfio_variant_new(&context)) < 0 || (rc = vfio_variant_device_new(context, name, &device)) < 0) {
        virReportSystemError(-rc, _("cannot open PCI device '%1$s'"), name);
        return -1;
    }

    /* From the udev database, or if that has none, from the module index. */
    if ((rc = vfio_variant_device_choose(device, NULL)) == -ENODATA)
        return 0;
    if (rc < 0) {
        virReportSystemError(-rc, _("cannot look up the VFIO driver of PCI device '%1$s'"), name);
        return -1;
    }

    *variant = g_new0(virPCIVariant, 1);
    (*variant)->driver = g_strdup(vfio_variant_device_get_variant_driver(device));
    (*variant)->module = g_strdup(vfio_variant_device_get_variant_module(device));
    (*variant)->fallback = g_strdup(vfio_variant_device_get_fallback_driver(device));
    return 1;
}
