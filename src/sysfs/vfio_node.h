/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The nodes in /dev that a VMM opens to use a device by VFIO. */
#pragma once

/* "/dev/vfio/devices/vfio" and an int; "/dev/vfio/noiommu-" and one. */
#define NODE_SIZE 64

/*
 * The device's own node, /dev/vfio/devices/vfioN. Returns 0; -ENOENT where it has none: no VFIO
 * driver holds it, or the kernel makes none (before 6.6, or without CONFIG_VFIO_DEVICE_CDEV); or
 * another negative errno.
 */
int device_cdev(int device_fd, char ret[NODE_SIZE]);

/* Has VFIO itself made the group whose directory is GROUP_FD? Returns 1, 0 or a negative errno. */
int group_is_without_iommu(int group_fd);

/* Has VFIO itself made its group, since it has no IOMMU? Returns 1, 0 or a negative errno. */
int device_is_without_iommu(int device_fd);

/*
 * The node of its IOMMU group, /dev/vfio/N. It is there once a VFIO driver holds any member of the
 * group. Returns 0, -ENOENT where there is none, or another negative errno.
 */
int device_group_node(int device_fd, char ret[NODE_SIZE]);
