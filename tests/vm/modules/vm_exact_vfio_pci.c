// SPDX-License-Identifier: GPL-2.0-only
/* A variant driver for exact ids: QEMU's e1000e, igb VF and nvme. */
#define VARIANT_NAME    "vm_exact_vfio_pci"
#define VARIANT_IDS(ID) ID(0x8086, 0x10d3) ID(0x8086, 0x10ca) ID(0x1b36, 0x0010)

#include "variant.h"
