/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Guards that look at what the device is, and at what shares its IOMMU group. */
#include <errno.h>

#include "driver.h"
#include "guard.h"
#include "pci.h"
#include "text.h"

/* The kernel's VFIO drivers refuse it as well: vfio_pci_core_register_device(). */
int guard_header(const struct handle *handle, struct finding *ret) {
        int r = device_header_type(handle->fd);

        if (r == -ENOENT) /* of another bus, where there are no headers */
                return 0;
        if (r <= 0)
                return r;
        return finding_set(
                ret, GUARD_HEADER, handle->sysname,
                r == 1   ? " is a PCI bridge"
                : r == 2 ? " is a CardBus bridge"
                         : " is no ordinary PCI function (its header is of no known type)");
}

int guard_display(const struct handle *handle, struct finding *ret) {
        int r = device_is_boot_display(handle->fd);

        if (r <= 0)
                return r;
        return finding_set(ret, GUARD_DISPLAY, handle->sysname,
                           " is the display that the firmware booted on");
}

int guard_no_group(const struct handle *handle, struct finding *ret) {
        if (handle->group[0])
                return 0;
        return finding_set(ret, GUARD_NO_GROUP, handle->sysname,
                           " has no IOMMU group (the IOMMU is off, or there is none)");
}

/*
 * Is the member on its way to another driver? That of a card's two functions, both tagged: their
 * overrides are written ahead of all, and each would wait for the other to be gone.
 */
static bool is_leaving(int member_fd, const char *driver) {
        char override[DRIVER_SIZE];

        return device_override(member_fd, override) >= 0 && override[0] &&
               !text_equal(override, driver);
}

struct search {
        const struct handle *handle;
        struct finding *finding;
};

static int look_at_member(int member_fd, const char *sysname, void *userdata) {
        const struct search *search = userdata;
        char driver[DRIVER_SIZE];
        int r;

        if (text_equal(sysname, search->handle->sysname))
                return 0;
        r = device_driver(member_fd, driver);
        if (r < 0)
                return r == -ENOENT ? 0 : r;
        if (driver_does_no_harm(driver) || is_leaving(member_fd, driver))
                return 0;
        r = device_is_on_vfio(member_fd);
        if (r != 0)
                return r < 0 ? r : 0;
        return finding_set(search->finding, GUARD_GROUP, sysname, " is held by ", driver);
}

int guard_group(const struct handle *handle, struct finding *ret) {
        struct search search = {.handle = handle, .finding = ret};
        int r = group_each_member(handle->fd, look_at_member, &search);

        return r == -ENOENT ? 0 : r; /* no group: that is another guard's */
}
