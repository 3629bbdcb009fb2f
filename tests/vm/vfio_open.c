/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Opens a device as a VMM does: vfio-open GROUP SYSNAME. Prints nothing and exits 0 where the group
 * is viable, an IOMMU is set, and the device says that it is a PCI device. Source: the kernel's
 * Documentation/driver-api/vfio.rst. Static: it runs in a guest with another C library.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

static int complain(const char *what) {
        (void)fprintf(stderr, "%s: %s\n", what, strerror(errno));
        return 1;
}

static int ask_device(int group, const char *sysname) {
        struct vfio_device_info info = {.argsz = sizeof(info)};
        int device = ioctl(group, VFIO_GROUP_GET_DEVICE_FD, sysname);

        if (device < 0)
                return complain("VFIO_GROUP_GET_DEVICE_FD");
        if (ioctl(device, VFIO_DEVICE_GET_INFO, &info) < 0)
                return complain("VFIO_DEVICE_GET_INFO");
        if (!(info.flags & VFIO_DEVICE_FLAGS_PCI)) {
                (void)fprintf(stderr, "flags %#x: no PCI device\n", info.flags);
                return 1;
        }
        return 0;
}

int main(int argc, char **argv) {
        struct vfio_group_status status = {.argsz = sizeof(status)};
        int container, group;

        if (argc != 3)
                return 2;
        container = open("/dev/vfio/vfio", O_RDWR | O_CLOEXEC);
        if (container < 0)
                return complain("/dev/vfio/vfio");
        group = open(argv[1], O_RDWR | O_CLOEXEC);
        if (group < 0)
                return complain(argv[1]);
        if (ioctl(group, VFIO_GROUP_GET_STATUS, &status) < 0)
                return complain("VFIO_GROUP_GET_STATUS");
        if (!(status.flags & VFIO_GROUP_FLAGS_VIABLE)) {
                (void)fprintf(stderr, "%s is not viable\n", argv[1]);
                return 1;
        }
        if (ioctl(group, VFIO_GROUP_SET_CONTAINER, &container) < 0)
                return complain("VFIO_GROUP_SET_CONTAINER");
        if (ioctl(container, VFIO_SET_IOMMU, VFIO_TYPE1_IOMMU) < 0)
                return complain("VFIO_SET_IOMMU");
        return ask_device(group, argv[2]);
}
