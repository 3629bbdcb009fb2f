/*
 * virpcivariant.h: the VFIO variant driver that udev or libvfio-variant names for a PCI device
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "virpci.h"

typedef struct _virPCIVariant virPCIVariant;
struct _virPCIVariant {
    char *driver;   /* as in /sys/bus/pci/drivers */
    char *module;   /* NULL: the driver is built in */
    char *fallback; /* the driver to try if that one refuses; NULL: none */
};

void virPCIVariantFree(virPCIVariant *variant);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(virPCIVariant, virPCIVariantFree);

/* As libvirt's own virPCIDeviceBindToStub(), which is static. */
typedef int (*virPCIVariantBindFunc)(virPCIDevice *dev);

int virPCIVariantBind(virPCIDevice *dev, virPCIVariantBindFunc bindToStub);

/* In virpcivariant_udev.c or virpcivariant_library.c: returns 1 and the
 * variant, 0 if none is known, -1 if an error was reported. */
int virPCIVariantLookUp(const char *name, virPCIVariant **variant);
