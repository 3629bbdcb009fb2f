/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The IOMMU group of a device, which can only be assigned to a guest as a whole. */
#pragma once

#include <stdbool.h>

#include "directory.h"

/* Its name in /sys/kernel/iommu_groups is an int in decimal: drivers/iommu/iommu.c. */
#define GROUP_SIZE 16

/*
 * *ret: the name of the device's group, "12". Returns 0; -ENOENT if it has none; -EBADMSG if the
 * name is not a number; or another negative errno.
 */
int device_group(int device_fd, char ret[GROUP_SIZE]);

/*
 * Opens the directory of the member SYSNAME. Returns a descriptor, which the caller closes; -ENOENT
 * if there is no such member; or another negative errno.
 */
int group_open_member(int device_fd, const char *sysname);

/* Is the group still viable if a member is bound to DRIVER, which is not a VFIO driver? */
bool driver_keeps_group_viable(const char *driver);

/*
 * Calls ON_MEMBER with the sysname of each member of the device's group, including the device
 * itself, in no order. Returns 0, the first non-zero value of ON_MEMBER, -ENOENT if the device has
 * no group, or another negative errno.
 */
int group_each_member(int device_fd, directory_fn on_member, void *userdata);
