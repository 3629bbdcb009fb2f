/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kind of a PCI function. */
#include "pci.h"

#include <errno.h>
#include <fnmatch.h>

#include "bus.h"
#include "cleanup.h"
#include "device.h"
#include "fd.h"
#include "text.h"

/* PCI_HEADER_TYPE and PCI_HEADER_TYPE_MASK of the kernel's pci_regs.h */
#define HEADER_TYPE_OFFSET 0x0e
#define HEADER_TYPE_MASK   0x7f

/* Base class and sub-class of functions with another header: PCI Code and ID Assignment, 1.7 */
#define CLASS_BRIDGE_PCI     0x0604
#define CLASS_BRIDGE_SEMI    0x0609
#define CLASS_BRIDGE_CARDBUS 0x0607
#define HEADER_TYPE_BRIDGE   1
#define HEADER_TYPE_CARDBUS  2

int device_class(int device_fd, uint32_t *ret) {
        char text[sizeof("0x020000")];
        const char *end = text + 2;
        int r = device_attribute(device_fd, "class", text, sizeof(text));

        if (r < 0)
                return r;
        if (!startswith(text, "0x") || !text[2])
                return -EBADMSG;
        *ret = text_take_number(&end, 16);
        return *end ? -EBADMSG : 0;
}

static int header_type_by_class(int device_fd) {
        uint32_t class;
        int r = device_class(device_fd, &class);

        if (r < 0)
                return r;
        switch (class >> 8) {
        case CLASS_BRIDGE_PCI:
        case CLASS_BRIDGE_SEMI:
                return HEADER_TYPE_BRIDGE;
        case CLASS_BRIDGE_CARDBUS:
                return HEADER_TYPE_CARDBUS;
        default:
                return 0;
        }
}

int device_header_type(int device_fd) {
        _cleanup_close_ int fd = fd_open_file(device_fd, "config");
        uint8_t type;

        /* All ones: the device does not respond, because it is suspended or removed */
        if (fd < 0 || fd_read_at(fd, &type, sizeof(type), HEADER_TYPE_OFFSET) < 0 || type == 0xff)
                return header_type_by_class(device_fd);
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
