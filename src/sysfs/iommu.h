/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Is there an IOMMU at all, and may VFIO do without? */
#pragma once

/*
 * Is an IOMMU on: has the kernel one, or a group that is not VFIO's own for lack of one? Returns 1,
 * 0, -ENOENT where /sys is not mounted, or another negative errno.
 */
int iommu_is_on(void);

/* Does Xen keep it to itself, so that the kernel has none? Returns 1, 0 or a negative errno. */
int iommu_is_kept_by_xen(void);

/* Is VFIO told to do without, so that what it hands out can reach all of the memory? Returns 1, 0
 * or a negative errno. */
int iommu_may_be_missing(void);
