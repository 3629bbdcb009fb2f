/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The IOMMU group of a device, which can only be assigned to a guest as a whole. */
#include "iommu_group.h"

#include <errno.h>

#include "device.h"
#include "fd.h"
#include "sysfs_link.h"
#include "text.h"

int device_group(int device_fd, char ret[GROUP_SIZE]) {
        char name[GROUP_SIZE];
        int r = link_name(device_fd, "iommu_group", name, sizeof(name));

        if (r < 0)
                return r;
        if (!text_is_number(name))
                return -EBADMSG; /* the name is used in paths and output; the kernel writes an int
                                  */
        (void)text_put(ret, GROUP_SIZE, name);
        return 0;
}

int group_open_member(int device_fd, const char *sysname) {
        char path[sizeof("iommu_group/devices/") + SYSNAME_SIZE];

        if (!text_join(path, sizeof(path), "iommu_group/devices/", sysname))
                return -ENAMETOOLONG;
        return fd_open_directory(device_fd, path);
}

/*
 * pci-stub only reserves a device. pcieport is the driver of the bridge above, and does not access
 * memory of the group. Both set driver_managed_dma in the kernel.
 */
bool driver_keeps_group_viable(const char *driver) {
        return streq(driver, "pci-stub") || streq(driver, "pcieport");
}

int group_each_member(int device_fd, directory_fn on_member, void *userdata) {
        return directory_read_at(device_fd, "iommu_group/devices", on_member, userdata);
}
