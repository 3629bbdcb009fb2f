/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Opens a device through VFIO, as a VMM does, and reads what it offers.
 *
 * Source: Documentation/driver-api/vfio.rst and include/uapi/linux/vfio.h of the kernel.
 */
#include "vfio_open.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/vfio.h>
#include <stdbool.h>
#include <sys/ioctl.h>

#include "cleanup.h"
#include "text.h"
#include "vfio_node.h"

#define CONTAINER_NODE "/dev/vfio/vfio"
#define IOMMUFD_NODE   "/dev/iommu"

/* Since Linux 6.6; the headers at build time may be older. */
struct bind_iommufd {
        uint32_t size, flags;
        int32_t iommufd;
        uint32_t ret_device_id;
};

#define DEVICE_BIND_IOMMUFD _IO(VFIO_TYPE, VFIO_BASE + 18)

static int open_node(const char *node) {
        int fd = open(node, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY);

        return fd < 0 ? -errno : fd;
}

static int vfio_ioctl(int fd, unsigned long request, void *argument) {
        int r = ioctl(fd, request, argument);

        return r < 0 ? -errno : r;
}

static int get_info(int fd, uint32_t *ret) {
        struct vfio_device_info info = {.argsz = sizeof(info)};
        int r = vfio_ioctl(fd, VFIO_DEVICE_GET_INFO, &info);

        if (r < 0)
                return r;
        *ret = info.flags;
        return 0;
}

static int get_flags_by_cdev(const char *node, uint32_t *ret) {
        _cleanup_close_ int iommufd = open_node(IOMMUFD_NODE), fd = -1;
        struct bind_iommufd bind = {.size = sizeof(bind), .iommufd = iommufd};
        int r;

        if (iommufd < 0)
                return iommufd;
        fd = open_node(node);
        if (fd < 0)
                return fd;
        r = vfio_ioctl(fd, DEVICE_BIND_IOMMUFD, &bind);
        return r < 0 ? r : get_info(fd, ret);
}

/* Sets the first IOMMU type that the container, which contains a group, supports. */
static int set_iommu(int container, bool without_iommu) {
        static const unsigned long types[] = {VFIO_TYPE1v2_IOMMU, VFIO_TYPE1_IOMMU,
                                              VFIO_SPAPR_TCE_v2_IOMMU, VFIO_SPAPR_TCE_IOMMU};

        if (without_iommu)
                return ioctl(container, VFIO_SET_IOMMU, (unsigned long)VFIO_NOIOMMU_IOMMU) < 0
                               ? -errno
                               : 0;
        for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
                if (ioctl(container, VFIO_CHECK_EXTENSION, types[i]) > 0)
                        return ioctl(container, VFIO_SET_IOMMU, types[i]) < 0 ? -errno : 0;
        return -EOPNOTSUPP;
}

static int check_viable(int group) {
        struct vfio_group_status status = {.argsz = sizeof(status)};
        int r = vfio_ioctl(group, VFIO_GROUP_GET_STATUS, &status);

        if (r < 0)
                return r;
        return status.flags & VFIO_GROUP_FLAGS_VIABLE ? 0 : -EBUSY;
}

/* Closing the descriptor of the container removes the group from it. */
static int get_flags_in_container(const struct handle *handle, int group, int container,
                                  uint32_t *ret) {
        char sysname[SYSNAME_SIZE];
        _cleanup_close_ int fd = -1;
        int r = vfio_ioctl(group, VFIO_GROUP_SET_CONTAINER, &container);

        if (r < 0)
                return r;
        r = device_is_without_iommu(handle->fd);
        if (r < 0)
                return r;
        r = set_iommu(container, r > 0);
        if (r < 0)
                return r;
        (void)text_put(sysname, sizeof(sysname), handle->sysname);
        fd = vfio_ioctl(group, VFIO_GROUP_GET_DEVICE_FD, sysname);
        return fd < 0 ? fd : get_info(fd, ret);
}

static int get_flags_by_group(const struct handle *handle, const char *node, uint32_t *ret) {
        _cleanup_close_ int container = -1, group = open_node(node);
        int r;

        if (group < 0)
                return group;
        r = check_viable(group);
        if (r < 0)
                return r;
        container = open_node(CONTAINER_NODE);
        return container < 0 ? container : get_flags_in_container(handle, group, container, ret);
}

int vfio_device_flags(const struct handle *handle, uint32_t *ret) {
        char node[NODE_SIZE];
        int r = device_cdev(handle->fd, node);

        if (r >= 0)
                r = get_flags_by_cdev(node, ret);
        /* No cdev, or no iommufd: use the group */
        if (r != -ENOENT)
                return r;
        r = device_group_node(handle->fd, node);
        return r < 0 ? r : get_flags_by_group(handle, node, ret);
}
