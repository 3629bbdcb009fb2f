/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Triggers a uevent of a device. */
#pragma once

/*
 * Triggers a "change" uevent of the device, for which udevd sets its properties again. Returns 0,
 * -EACCES without privileges, or another negative errno.
 */
int device_trigger(int device_fd);
