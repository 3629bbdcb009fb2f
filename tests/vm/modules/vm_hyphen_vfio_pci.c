// SPDX-License-Identifier: GPL-2.0-only
/* A variant driver that is not called as its module, like xe-vfio-pci: for virtio-rng-pci. */
#define VARIANT_NAME    "vm-hyphen-vfio-pci"
#define VARIANT_IDS(ID) ID(0x1af4, 0x1044)

#include "variant.h"
