/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The guards: conditions that prevent a device from being bound or unbound. Each names what it
 * found.
 */
#pragma once

#include <stdbool.h>

#include "device_handle.h"
#include "finding.h"
#include "snapshot.h"

/* Of guards_check_bind(). */
enum { GUARDS_FORCE = 1, GUARDS_DRY_RUN = 2 };

/*
 * Checks the guards that apply to the device: if it is bound to no driver it cannot be in use, and
 * only header, group and boot display are checked. Guards that force does not override are checked
 * first; one that finds something is enough, but with GUARDS_DRY_RUN all findings are in *ret. With
 * GUARDS_FORCE the other guards are overridden, and *ret is what they found. COMPANIONS may be
 * NULL.
 *
 * Returns 1 if a guard refuses, 0 if none does, and sets *ret (GUARD_NONE if nothing was found); or
 * a negative errno if a guard could not be checked. *ret is unchanged then, unless the caller has
 * no right to examine some processes: -EACCES, and *ret has their number. The caller must treat an
 * error as a refusal: the device may be in use.
 */
int guards_check_bind(const struct handle *handle, const struct companions *companions,
                      unsigned flags, struct finding *ret);

/*
 * Checks, before a device is unbound from a VFIO driver, whether a process has its group or its
 * cdev open: the kernel would wait until it is closed.
 */
int guards_check_unbind(const struct handle *handle, struct finding *ret);

/*
 * As guards_check_bind() without force, for information only. What the caller has no right to read
 * is skipped: *ret has the number of processes that could not be examined. No block device is
 * opened exclusively, which would block a mount(2) at that moment: a use that is only seen that way
 * (ZFS) is not found. SNAPSHOT: what is known of the host, and what the guards read of it is added;
 * NULL: it is read now.
 */
int guards_check(const struct handle *handle, struct snapshot *snapshot, struct finding *ret);

/* Is the device being unbound? Returns 1 and sets *ret, or 0. */
int guards_check_unbinding(const struct handle *handle, struct finding *ret);

/*
 * As guards_check(), but only checks whether the device is in use: by VFIO, block devices, the
 * network, the display.
 */
int guards_check_use(const struct handle *handle, struct snapshot *snapshot, struct finding *ret);

/*
 * As guards_check(), but only checks whether the running system needs the device, and so the next
 * boot may: a block device or a share of it is in use, it has the only keyboard, or the root file
 * system is on the network.
 */
int guards_check_boot_use(const struct handle *handle, struct snapshot *snapshot,
                          struct finding *ret);
