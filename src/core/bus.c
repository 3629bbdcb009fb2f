/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The buses whose devices can be assigned to a guest: one row each. */
#include "bus.h"

#include <string.h>

#include "text.h"

/*
 * Catch-alls: what modpost makes of PCI_DRIVER_OVERRIDE_DEVICE_VFIO(PCI_ANY_ID, PCI_ANY_ID) and
 * CDX_DEVICE_DRIVER_OVERRIDE(CDX_ANY_ID, ...): drivers/vfio/pci/vfio_pci.c, drivers/vfio/cdx/main.c
 * and scripts/mod/file2alias.c of the kernel.
 * Classes: base class and sub-class, PCI Code and ID Assignment, 1.7 and 1.9.
 */
const struct bus buses[] = {
        {
                .subsystem = "pci",
                .prefix = "pci:",
                .catch_all = "vfio_pci:v*d*sv*sd*bc*sc*i*",
                .bridges = "pci:*bc06sc0?i??", /* an NVSwitch is "other", 0680 */
                .iommus = "pci:*bc08sc06i??",
        },
        {
                .subsystem = "cdx",
                .prefix = "cdx:",
                .catch_all = "vfio_cdx:v*d*sv*sd*c*",
        },
        {},
};

const struct bus *bus_find(const char *subsystem) {
        for (const struct bus *bus = buses; bus->subsystem; bus++)
                if (streq(bus->subsystem, subsystem))
                        return bus;
        return NULL;
}

const struct bus *bus_of_modalias(const char *modalias) {
        for (const struct bus *bus = buses; bus->subsystem; bus++)
                if (startswith(modalias, bus->prefix))
                        return bus;
        return NULL;
}

/* Source: do_pci_entry() and do_cdx_entry() of scripts/mod/file2alias.c. */
size_t bus_id_length(const char *modalias) {
        const struct bus *bus = bus_of_modalias(modalias);
        const char *end = strstr(modalias, "sv");

        return bus && end && modalias[strlen(bus->prefix)] == 'v' ? (size_t)(end - modalias) : 0;
}
