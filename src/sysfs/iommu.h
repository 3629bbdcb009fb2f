/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Is there an IOMMU, and may VFIO work without one? */
#pragma once

/*
 * Is an IOMMU on: has the kernel one, or an IOMMU group that VFIO did not create for lack of an
 * IOMMU? Returns 1, 0, -ENOENT if /sys is not mounted, or another negative errno.
 */
int iommu_is_on(void);

/* Does Xen own the IOMMU, so that the kernel has none? Returns 1, 0 or a negative errno. */
int iommu_is_owned_by_xen(void);

/*
 * Is the no-IOMMU mode of VFIO on, in which a device without an IOMMU group can be bound, and can
 * access all memory? Returns 1; 0 if the module parameter enable_unsafe_noiommu_mode is N;
 * -EOPNOTSUPP if the kernel has no such mode (CONFIG_VFIO_NOIOMMU is not set); -ENODATA if the
 * module vfio is not loaded, so that this is not known; or another negative errno.
 */
int noiommu_is_enabled(void);
