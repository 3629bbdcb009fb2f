/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kind of a PCI function. */
#include "pci.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdint.h>

#include "bus.h"
#include "cleanup.h"
#include "device.h"
#include "fd.h"
#include "text.h"

/* PCI_HEADER_TYPE and PCI_HEADER_TYPE_MASK of the kernel's pci_regs.h */
#define HEADER_TYPE_OFFSET 0x0e
#define HEADER_TYPE_MASK   0x7f

#define HEADER_TYPE_BRIDGE  1
#define HEADER_TYPE_CARDBUS 2

/* Bridges to PCI, the half transparent ones too, and CardBus: PCI Code and ID Assignment, 1.7 */
static int header_type_by_class(const char *modalias) {
        if (fnmatch("pci:*bc06sc0[49]i??", modalias, 0) == 0)
                return HEADER_TYPE_BRIDGE;
        return fnmatch("pci:*bc06sc07i??", modalias, 0) == 0 ? HEADER_TYPE_CARDBUS : 0;
}

int device_header_type(int device_fd, const char *modalias) {
        _cleanup_close_ int fd = fd_open_file(device_fd, "config");
        uint8_t type;

        /* All ones: the device does not respond, because it is suspended or removed */
        if (fd < 0 || fd_read_at(fd, &type, sizeof(type), HEADER_TYPE_OFFSET) < 0 || type == 0xff)
                return header_type_by_class(modalias);
        return type & HEADER_TYPE_MASK;
}

bool modalias_is_bridge(const char *modalias) {
        const struct bus *bus = bus_of_modalias(modalias);

        return bus && bus->bridges && fnmatch(bus->bridges, modalias, 0) == 0;
}

bool modalias_is_iommu(const char *modalias) {
        const struct bus *bus = bus_of_modalias(modalias);

        return bus && bus->iommus && fnmatch(bus->iommus, modalias, 0) == 0;
}

int device_is_boot_display(int device_fd) {
        char value[4];
        int r = device_attribute(device_fd, "boot_vga", value, sizeof(value));

        if (r < 0)
                return r == -ENOENT ? 0 : r;
        return streq(value, "1");
}
