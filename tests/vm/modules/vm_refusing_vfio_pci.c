// SPDX-License-Identifier: GPL-2.0-only
/* A variant driver whose probe refuses, as that of qat and xe does for a VF of a bare PF: rtl8139.
 */
#define VARIANT_NAME         "vm_refusing_vfio_pci"
#define VARIANT_IDS(ID)      ID(0x10ec, 0x8139)
#define VARIANT_PROBE_RESULT (-ENODEV)

#include "variant.h"
