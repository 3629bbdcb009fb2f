/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The identity of a device, as messages and tables print it. */
#include "identity.h"

#include <stdio.h>
#include <string.h>

const char *identity_modalias(const struct vfio_variant_device *device) {
        const char *modalias = vfio_variant_device_get_modalias(device);

        return modalias ? modalias : "";
}

#define N_DIGITS 4

/* Returns the number of digits in the ID that follows NAME at TEXT, 0 if none does. */
static size_t id_length(const char *text, char name) {
        return text[0] == name ? strspn(text + 1, "0123456789ABCDEF") : 0;
}

/* "pci:v000015B3d0000101Esv..." has four zeros before the digits of each ID, "cdx:v10EEd8084sv..."
 * none. Source: modalias_show() of the kernel's drivers/pci/pci-sysfs.c and drivers/cdx/cdx.c. */
void identity_ids(const struct vfio_variant_device *device, char ret[IDENTITY_IDS_SIZE]) {
        const char *vendor = strchr(identity_modalias(device), ':');
        size_t n = vendor ? id_length(++vendor, 'v') : 0;
        size_t m = n >= N_DIGITS ? id_length(vendor + 1 + n, 'd') : 0;

        ret[0] = '\0';
        if (m >= N_DIGITS)
                (void)snprintf(ret, IDENTITY_IDS_SIZE, "%.4s:%.4s", vendor + 1 + n - N_DIGITS,
                               vendor + 2 + n + m - N_DIGITS);
}

const char *identity_not_for_guests(const struct vfio_variant_device *device) {
        if (vfio_variant_device_is_bridge(device))
                return "a bridge";
        return vfio_variant_device_is_iommu(device) ? "an IOMMU" : NULL;
}
