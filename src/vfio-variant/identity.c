/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The identity of a device, as messages and tables print it. */
#include "identity.h"

#include <fnmatch.h>
#include <stdio.h>

const char *identity_modalias(const struct vfio_variant_device *device) {
        const char *modalias = vfio_variant_device_get_modalias(device);

        return modalias ? modalias : "";
}

/* PCI: both IDs have eight digits, of which the first four are 0. CDX: four. Source:
 * modalias_show() of the kernel's drivers/pci/pci-sysfs.c and drivers/cdx/cdx.c. */
void identity_ids(const struct vfio_variant_device *device, char ret[IDENTITY_IDS_SIZE]) {
        const char *modalias = identity_modalias(device);
        const char *ids = modalias + sizeof("pci:v") - 1;

        ret[0] = '\0';
        if (fnmatch("pci:v0000????d0000????sv*", modalias, 0) == 0)
                (void)snprintf(ret, IDENTITY_IDS_SIZE, "%.4s:%.4s", ids + 4, ids + 13);
        else if (fnmatch("cdx:v????d????sv*", modalias, 0) == 0)
                (void)snprintf(ret, IDENTITY_IDS_SIZE, "%.4s:%.4s", ids, ids + 5);
}

const char *identity_not_for_guests(const struct vfio_variant_device *device) {
        if (vfio_variant_device_is_bridge(device))
                return "a bridge";
        return vfio_variant_device_is_iommu(device) ? "an IOMMU" : NULL;
}
