// SPDX-License-Identifier: GPL-2.0-only
/* A variant driver for a whole class, whose alias ends in its last digit: QEMU's pvpanic-pci. */
#define VARIANT_NAME "vm_class_vfio_pci"
#define VARIANT_IDS(ID)                                                                            \
        {.vendor = PCI_ANY_ID,                                                                     \
         .device = PCI_ANY_ID,                                                                     \
         .subvendor = PCI_ANY_ID,                                                                  \
         .subdevice = PCI_ANY_ID,                                                                  \
         .class = PCI_CLASS_SYSTEM_OTHER << 8,                                                     \
         .class_mask = 0xffffff,                                                                   \
         .override_only = PCI_ID_F_VFIO_DRIVER_OVERRIDE},

#include "variant.h"
