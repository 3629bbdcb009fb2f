/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Guards: what the device is, and what shares its IOMMU group. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "driver.h"
#include "fd.h"
#include "guard.h"
#include "iommu.h"
#include "pci.h"
#include "text.h"

/* The kernel's VFIO drivers refuse it as well: vfio_pci_core_register_device(). */
int guard_header(const struct guard_target *target, struct finding *ret) {
        int type = target->handle->header_type;

        if (type == 0)
                return 0;
        return finding_set(ret, GUARD_HEADER,
                           type == 1   ? "it is a PCI bridge"
                           : type == 2 ? "it is a CardBus bridge"
                                       : "its PCI header type is unknown");
}

/* Other bridges and an IOMMU have an ordinary header, but all other devices depend on them. */
int guard_class(const struct guard_target *target, struct finding *ret) {
        if (modalias_is_bridge(target->handle->modalias))
                return finding_set(ret, GUARD_HEADER, "it is a bridge");
        if (modalias_is_iommu(target->handle->modalias))
                return finding_set(ret, GUARD_HEADER, "it is an IOMMU");
        return 0;
}

int guard_display(const struct guard_target *target, struct finding *ret) {
        int r = device_is_boot_display(target->handle->fd);

        if (r <= 0)
                return r;
        return finding_set(ret, GUARD_DISPLAY, "it is the display that the firmware booted on");
}

#define NO_GROUP "it has no IOMMU group (the IOMMU is off, or there is none)"

/*
 * A VFIO driver's probe fails for a device without a group unless the no-IOMMU mode is on. It would
 * fail after the previous driver was unbound. Source: vfio_group_find_or_alloc() in
 * drivers/vfio/group.c.
 */
int guard_no_iommu(const struct guard_target *target, struct finding *ret) {
        int r = target->handle->group[0] ? 1 : noiommu_is_enabled();

        switch (r) {
        case 0:
                return finding_set(ret, GUARD_NO_IOMMU,
                                   NO_GROUP ", and VFIO's no-IOMMU mode is off (the parameter "
                                            "enable_unsafe_noiommu_mode of the module vfio is N)");
        case -EOPNOTSUPP:
                return finding_set(ret, GUARD_NO_IOMMU,
                                   NO_GROUP ", and the kernel has no no-IOMMU mode for VFIO "
                                            "(CONFIG_VFIO_NOIOMMU is not set)");
        case -ENODATA:
                return finding_set(ret, GUARD_NO_IOMMU,
                                   NO_GROUP ", and whether VFIO's no-IOMMU mode is on is not "
                                            "known: the module vfio is not loaded (modprobe vfio)");
        default:
                return r < 0 ? r : 0;
        }
}

int guard_no_group(const struct guard_target *target, struct finding *ret) {
        int r = target->handle->group[0] ? 0 : noiommu_is_enabled();

        if (r <= 0) /* guard_no_iommu() reports that */
                return 0;
        return finding_set(ret, GUARD_NO_GROUP,
                           NO_GROUP ", so that a guest with it can access all memory");
}

/*
 * Is the member part of the same transaction, so that it is unbound from its native driver as well?
 */
static bool is_companion(const struct companions *companions, const char *sysname) {
        for (size_t i = 0; companions && i < companions->n; i++)
                if (streq(companions->sysnames[i], sysname))
                        return true;
        return false;
}

/* The blocking members. The first by sysname is reported, because they come in no order. */
struct member_search {
        const struct handle *handle;
        const struct companions *companions;
        unsigned n;
        char sysname[SYSNAME_SIZE], driver[DRIVER_SIZE];
};

static void add_member(struct member_search *search, const char *sysname, const char *driver) {
        if (search->n++ > 0 && strcmp(sysname, search->sysname) > 0)
                return;
        (void)text_put(search->sysname, sizeof(search->sysname), sysname);
        (void)text_put(search->driver, sizeof(search->driver), driver);
}

static int check_member(int dir_fd, const char *sysname, void *userdata) {
        struct member_search *search = userdata;
        _cleanup_close_ int fd = -1;
        char driver[DRIVER_SIZE];
        int r;

        if (streq(sysname, search->handle->sysname) || is_companion(search->companions, sysname))
                return 0;
        fd = fd_open_directory(dir_fd, sysname);
        r = fd < 0 ? fd : device_driver(fd, driver);
        if (r < 0)
                return r == -ENOENT ? 0 : r;
        if (driver_keeps_group_viable(driver))
                return 0;
        r = device_is_bound_to_vfio(fd);
        if (r == 0)
                add_member(search, sysname, driver);
        return r < 0 ? r : 0;
}

int guard_group(const struct guard_target *target, struct finding *ret) {
        struct member_search search = {.handle = target->handle, .companions = target->companions};
        char more[64] = "";
        int r = group_each_member(target->handle->fd, check_member, &search);

        if (r < 0 || search.n == 0)
                return r == -ENOENT ? 0 : r; /* no group: guard_no_group() reports that */
        if (search.n > 1)
                (void)snprintf(more, sizeof(more), " (and %u more of its IOMMU group)",
                               search.n - 1);
        return finding_set(ret, GUARD_GROUP, search.sysname, " is bound to ", search.driver, more);
}
