/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Has udev look at a device again. */
#pragma once

/*
 * Has the kernel send a "change" event of the device, for which udevd computes its properties anew.
 * Returns 0, -EACCES without the right to, or another negative errno.
 */
int device_trigger(int device_fd);
