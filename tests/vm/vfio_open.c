/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Opens a device as a VMM does: by its group (vfio-open GROUP SYSNAME), or by its own node and
 * iommufd (vfio-open NODE). Prints nothing and exits 0 where the group is viable, an IOMMU is set,
 * and the device says that it is a PCI device. Source: the kernel's
 * Documentation/driver-api/vfio.rst. Static: it runs in a guest with another C library.
 * vfio-open GROUP SYSNAME hold prints "open", and keeps the device open until a signal ends it.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* include/uapi/linux/vfio.h and iommufd.h since Linux 6.6; the headers of a build may be older. */
struct bind_iommufd {
        __u32 argsz, flags;
        __s32 iommufd;
        __u32 out_devid;
};
struct attach {
        __u32 argsz, flags, pt_id;
};
struct ioas_alloc {
        __u32 size, flags, out_ioas_id;
};
#define DEVICE_BIND_IOMMUFD _IO(VFIO_TYPE, VFIO_BASE + 18)
#define DEVICE_ATTACH       _IO(VFIO_TYPE, VFIO_BASE + 19)
#define IOMMU_IOAS_ALLOC    _IO(VFIO_TYPE, 0x81)

static int complain(const char *what) {
        (void)fprintf(stderr, "%s: %s\n", what, strerror(errno));
        return 1;
}

static int ask_device(int device) {
        struct vfio_device_info info = {.argsz = sizeof(info)};

        if (ioctl(device, VFIO_DEVICE_GET_INFO, &info) < 0)
                return complain("VFIO_DEVICE_GET_INFO");
        if (!(info.flags & VFIO_DEVICE_FLAGS_PCI)) {
                (void)fprintf(stderr, "flags %#x: no PCI device\n", info.flags);
                return 1;
        }
        return 0;
}

static int open_by_node(const char *node) {
        struct bind_iommufd bind = {.argsz = sizeof(bind)};
        struct ioas_alloc alloc = {.size = sizeof(alloc)};
        struct attach attach = {.argsz = sizeof(attach)};
        int device;

        bind.iommufd = open("/dev/iommu", O_RDWR | O_CLOEXEC);
        if (bind.iommufd < 0)
                return complain("/dev/iommu");
        device = open(node, O_RDWR | O_CLOEXEC);
        if (device < 0)
                return complain(node);
        if (ioctl(device, DEVICE_BIND_IOMMUFD, &bind) < 0)
                return complain("VFIO_DEVICE_BIND_IOMMUFD");
        if (ioctl(bind.iommufd, IOMMU_IOAS_ALLOC, &alloc) < 0)
                return complain("IOMMU_IOAS_ALLOC");
        attach.pt_id = alloc.out_ioas_id;
        if (ioctl(device, DEVICE_ATTACH, &attach) < 0)
                return complain("VFIO_DEVICE_ATTACH_IOMMUFD_PT");
        return ask_device(device);
}

static int set_iommu(int group) {
        int container = open("/dev/vfio/vfio", O_RDWR | O_CLOEXEC);

        if (container < 0)
                return complain("/dev/vfio/vfio");
        if (ioctl(group, VFIO_GROUP_SET_CONTAINER, &container) < 0)
                return complain("VFIO_GROUP_SET_CONTAINER");
        if (ioctl(container, VFIO_SET_IOMMU, VFIO_TYPE1_IOMMU) < 0)
                return complain("VFIO_SET_IOMMU");
        return 0;
}

static int open_by_group(const char *node, const char *sysname) {
        struct vfio_group_status status = {.argsz = sizeof(status)};
        int device, group = open(node, O_RDWR | O_CLOEXEC);

        if (group < 0)
                return complain(node);
        if (ioctl(group, VFIO_GROUP_GET_STATUS, &status) < 0)
                return complain("VFIO_GROUP_GET_STATUS");
        if (!(status.flags & VFIO_GROUP_FLAGS_VIABLE)) {
                (void)fprintf(stderr, "%s is not viable\n", node);
                return 1;
        }
        if (set_iommu(group) != 0)
                return 1;
        device = ioctl(group, VFIO_GROUP_GET_DEVICE_FD, sysname);
        return device < 0 ? complain("VFIO_GROUP_GET_DEVICE_FD") : ask_device(device);
}

static int hold(const char *node, const char *sysname) {
        if (open_by_group(node, sysname) != 0)
                return 1;
        if (puts("open") < 0 || fflush(stdout) != 0)
                return complain("stdout");
        return pause();
}

int main(int argc, char **argv) {
        switch (argc) {
        case 2:
                return open_by_node(argv[1]);
        case 3:
                return open_by_group(argv[1], argv[2]);
        case 4:
                return hold(argv[1], argv[2]);
        default:
                return 2;
        }
}
