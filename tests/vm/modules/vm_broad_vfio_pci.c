// SPDX-License-Identifier: GPL-2.0-only
/* A variant driver for all devices of a vendor: it fits more than the exact one, and less well. */
#define VARIANT_NAME    "vm_broad_vfio_pci"
#define VARIANT_IDS(ID) ID(0x8086, PCI_ANY_ID)

#include "variant.h"
