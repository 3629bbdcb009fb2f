/*
 * virpcivariant.c: bind a PCI device to the VFIO variant driver that is known for it
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <config.h>

#include "virpcivariant.h"
#include "viralloc.h"
#include "virerror.h"
#include "virfile.h"
#include "virkmod.h"
#include "virlog.h"

#define VIR_FROM_THIS VIR_FROM_NONE

VIR_LOG_INIT("util.pcivariant");

/* MODULE_NAME_LEN of the kernel. The names of drivers are not longer. */
#define NAME_LENGTH_MAX 55
#define NAME_CHARACTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"


void
virPCIVariantFree(virPCIVariant *variant)
{
    if (!variant)
        return;

    g_free(variant->driver);
    g_free(variant->module);
    g_free(variant->fallback);
    g_free(variant);
}


/* The names become part of paths, and an argument of modprobe. */
static bool
virPCIVariantNameIsValid(const char *name)
{
    size_t length = strlen(name);

    return length > 0 && length <= NAME_LENGTH_MAX && name[0] != '-' &&
           strspn(name, NAME_CHARACTERS) == length;
}


static int
virPCIVariantCheckName(virPCIDevice *dev, const char *what, const char *name)
{
    if (!name || virPCIVariantNameIsValid(name))
        return 0;

    virReportError(VIR_ERR_INTERNAL_ERROR, _("invalid %1$s of the VFIO variant of PCI device '%2$s'"), what,
                   virPCIDeviceGetName(dev));
    return -1;
}


static int
virPCIVariantCheckNames(virPCIDevice *dev, virPCIVariant *variant)
{
    if (virPCIVariantCheckName(dev, "driver", variant->driver) < 0 ||
        virPCIVariantCheckName(dev, "module", variant->module) < 0 ||
        virPCIVariantCheckName(dev, "fallback", variant->fallback) < 0)
        return -1;

    return 0;
}


/* Each VFIO driver for PCI devices uses the module vfio_pci_core. If that is
 * built in, or the driver is, the kernel does not show it, and the name of the
 * driver has to do. */
static bool
virPCIVariantDriverIsVFIO(const char *driver)
{
    g_autofree char *link = g_strdup_printf("/sys/bus/pci/drivers/%s/module", driver);
    g_autofree char *module = NULL;
    g_autofree char *name = NULL;
    g_autofree char *holder = NULL;

    if (virFileResolveLink(link, &module) == 0) {
        name = g_path_get_basename(module);
        holder = g_strdup_printf("/sys/module/vfio_pci_core/holders/%s", name);
        if (virFileExists(holder))
            return true;
    }

    return strstr(driver, "vfio") != NULL;
}


static int
virPCIVariantLoad(virPCIDevice *dev, const char *driver, const char *module)
{
    g_autofree char *path = g_strdup_printf("/sys/bus/pci/drivers/%s", driver);
    g_autofree char *error = NULL;

    if (module && !virFileExists(path) && (error = virKModLoad(module))) {
        virReportError(VIR_ERR_INTERNAL_ERROR,
                       _("cannot load module %1$s, which udev names for PCI device '%2$s': %3$s"), module,
                       virPCIDeviceGetName(dev), error);
        return -1;
    }

    if (!virFileExists(path)) {
        virReportError(VIR_ERR_INTERNAL_ERROR,
                       _("there is no driver %1$s, which udev names for PCI device '%2$s'"), driver,
                       virPCIDeviceGetName(dev));
        return -1;
    }

    if (!virPCIVariantDriverIsVFIO(driver)) {
        virReportError(VIR_ERR_INTERNAL_ERROR,
                       _("the driver %1$s, which udev names for PCI device '%2$s', is not a VFIO driver"),
                       driver, virPCIDeviceGetName(dev));
        return -1;
    }

    return 0;
}


/* Returns 1 if @dev is now bound to @driver, 0 if the driver refused it: a
 * write to drivers_probe succeeds in that case, too. */
static int
virPCIVariantTry(virPCIDevice *dev, const char *driver, virPCIVariantBindFunc bindToStub)
{
    g_autofree char *current = NULL;
    virPCIStubDriver type;

    virPCIDeviceSetStubDriverName(dev, driver);
    if (bindToStub(dev) < 0 || virPCIDeviceGetCurrentDriverNameAndType(dev, &current, &type) < 0)
        return -1;

    VIR_DEBUG("PCI device %s: asked for driver %s, got %s", virPCIDeviceGetName(dev), driver,
              NULLSTR(current));
    return STREQ_NULLABLE(current, driver);
}


static int
virPCIVariantTryAll(virPCIDevice *dev, virPCIVariant *variant, virPCIVariantBindFunc bindToStub)
{
    int rc = virPCIVariantTry(dev, variant->driver, bindToStub);

    if (rc == 0 && variant->fallback) {
        VIR_WARN("PCI device %s: driver %s refused it, trying %s", virPCIDeviceGetName(dev), variant->driver,
                 variant->fallback);
        /* modprobe accepts the name of its driver as well. */
        if (virPCIVariantLoad(dev, variant->fallback, variant->fallback) < 0)
            return -1;
        rc = virPCIVariantTry(dev, variant->fallback, bindToStub);
    }

    if (rc == 0)
        virReportError(VIR_ERR_INTERNAL_ERROR, _("PCI device '%1$s' was refused by its VFIO driver %2$s"),
                       virPCIDeviceGetName(dev), variant->driver);
    return rc > 0 ? 0 : -1;
}


/* Binds the device to its native driver again, and keeps the error. */
static void
virPCIVariantRestore(virPCIDevice *dev)
{
    virErrorPtr error;

    virErrorPreserveLast(&error);
    if (virPCIDeviceReattach(dev, NULL, NULL) < 0)
        VIR_WARN("PCI device %s: cannot be bound to its native driver again", virPCIDeviceGetName(dev));
    virPCIDeviceSetStubDriverName(dev, NULL);
    virErrorRestore(&error);
}


/**
 * virPCIVariantBind:
 * @dev: device whose stub driver type is set
 * @bindToStub: binds to the stub driver, and searches one if none is set
 *
 * Bind @dev to the VFIO driver that is known for it, or to its fallback if that
 * driver refuses the device. If no driver is known, or if the domain names one,
 * @bindToStub decides as before.
 *
 * Returns 0 on success. Otherwise returns -1, an error is reported, and the
 * device is not bound to a driver that is not a VFIO driver, except for the one
 * that it had.
 */
int
virPCIVariantBind(virPCIDevice *dev, virPCIVariantBindFunc bindToStub)
{
    g_autoptr(virPCIVariant) variant = NULL;
    int rc;

    if (virPCIDeviceGetStubDriverType(dev) != VIR_PCI_STUB_DRIVER_VFIO || virPCIDeviceGetStubDriverName(dev))
        return bindToStub(dev);

    if ((rc = virPCIVariantLookUp(virPCIDeviceGetName(dev), &variant)) < 0)
        return -1;
    if (rc == 0)
        return bindToStub(dev);

    if (virPCIVariantCheckNames(dev, variant) < 0 ||
        virPCIVariantLoad(dev, variant->driver, variant->module) < 0)
        return -1;

    if (virPCIVariantTryAll(dev, variant, bindToStub) < 0) {
        virPCIVariantRestore(dev);
        return -1;
    }

    return 0;
}
