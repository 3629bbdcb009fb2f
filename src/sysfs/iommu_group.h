/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The IOMMU group of a device: what can only be given to a guest as a whole. */
#pragma once

#include <stdbool.h>

/* Its name in /sys/kernel/iommu_groups is an int in decimal: drivers/iommu/iommu.c. */
#define GROUP_SIZE 16

/*
 * The name of the device's group, "12". Returns 0; -ENOENT where it has none; -EBADMSG where it is
 * no number; or another negative errno.
 */
int device_group(int device_fd, char ret[GROUP_SIZE]);

/* Opens the directory of the member SYSNAME. Returns a descriptor, which the caller closes, -ENOENT
 * where there is no such member, or another negative errno. */
int group_open_member(int device_fd, const char *sysname);

/* May a member that DRIVER holds stay there while the group is a guest's, although DRIVER is none
 * of VFIO? */
bool driver_does_no_harm(const char *driver);

/*
 * Called for each member of a group, the device itself too, with its directory, which is closed
 * behind. What is not 0 ends it.
 */
typedef int (*group_fn)(int member_fd, const char *sysname, void *userdata);

/*
 * Calls ON_MEMBER for each member of the device's group, in no order. A member that vanishes
 * meanwhile is passed over. Returns 0, ON_MEMBER's, -ENOENT where there is no group, or -errno.
 */
int group_each_member(int device_fd, group_fn on_member, void *userdata);
