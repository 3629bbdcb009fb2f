/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The device nodes that a VMM opens to use a device through VFIO. */
#pragma once

/* "/dev/vfio/devices/vfio" and an int; "/dev/vfio/noiommu-" and an int. */
#define NODE_SIZE 64

/*
 * *ret: the device's cdev, /dev/vfio/devices/vfioN. Returns 0; -ENOENT if it has none: it is not
 * bound to a VFIO driver, or the kernel creates none (before 6.6, or without
 * CONFIG_VFIO_DEVICE_CDEV); or another negative errno.
 */
int device_cdev(int device_fd, char ret[NODE_SIZE]);

/* Did VFIO create the group whose directory is GROUP_FD? Returns 1, 0 or a negative errno. */
int group_is_without_iommu(int group_fd);

/*
 * Did VFIO create the device's group, because there is no IOMMU? Returns 1, 0 or a negative errno.
 */
int device_is_without_iommu(int device_fd);

/*
 * *ret: the node of the device's IOMMU group, /dev/vfio/N. It exists while a member of the group is
 * bound to a VFIO driver. Returns 0, -ENOENT if the device has no group, or another negative errno.
 */
int device_group_node(int device_fd, char ret[NODE_SIZE]);
