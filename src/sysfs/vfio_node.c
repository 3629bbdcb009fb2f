/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The device nodes that a VMM opens to use a device through VFIO. */
#include "vfio_node.h"

#include <errno.h>

#include "device.h"
#include "directory.h"
#include "iommu_group.h"
#include "sysfs_link.h"
#include "text.h"

#define PREFIX "vfio"

/* Uses "vfioN" if "vfioN/dev" exists: else the kernel creates no node. */
static int check_cdev(int dir_fd, const char *name, void *userdata) {
        char path[SYSNAME_SIZE + sizeof("/dev")];
        int r;

        if (!startswith(name, PREFIX) || !text_is_number(name + sizeof(PREFIX) - 1) ||
            !text_join(path, sizeof(path), name, "/dev"))
                return 0;
        r = link_exists(dir_fd, path);
        if (r <= 0)
                return r;
        return text_join(userdata, NODE_SIZE, "/dev/vfio/devices/", name) ? 1 : -EMSGSIZE;
}

int device_cdev(int device_fd, char ret[NODE_SIZE]) {
        char node[NODE_SIZE];
        int r = directory_read_at(device_fd, "vfio-dev", check_cdev, node);

        if (r <= 0)
                return r < 0 ? r : -ENOENT;
        (void)text_put(ret, NODE_SIZE, node);
        return 0;
}

/* VFIO created the group, for a device without an IOMMU: its node has another name. */
static int is_noiommu_group(int dir_fd, const char *attribute) {
        char name[sizeof("vfio-noiommu")];
        int r = device_attribute(dir_fd, attribute, name, sizeof(name));

        if (r < 0)
                return r == -ENOENT || r == -EMSGSIZE ? 0 : r;
        return streq(name, "vfio-noiommu");
}

int group_is_without_iommu(int group_fd) {
        return is_noiommu_group(group_fd, "name");
}

int device_is_without_iommu(int device_fd) {
        return is_noiommu_group(device_fd, "iommu_group/name");
}

int device_group_node(int device_fd, char ret[NODE_SIZE]) {
        char group[GROUP_SIZE];
        int r = device_group(device_fd, group);

        if (r < 0)
                return r;
        r = device_is_without_iommu(device_fd);
        if (r < 0)
                return r;
        (void)text_join(ret, NODE_SIZE, r > 0 ? "/dev/vfio/noiommu-" : "/dev/vfio/", group);
        return 0;
}
