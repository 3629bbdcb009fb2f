/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What kind of a PCI function a device is. */
#pragma once

#include <stdint.h>

/* Its class, 0x020000 for an Ethernet controller. Returns 0, -ENOENT for no PCI function, -errno.
 */
int device_class(int device_fd, uint32_t *ret);

/*
 * Its header type, without the multi-function bit: 0 for an ordinary function, 1 for a PCI bridge,
 * 2 for a CardBus bridge. Read from its configuration space, or where that can't be, told by its
 * class. Returns it, or a negative errno: -ENOENT for no PCI function.
 */
int device_header_type(int device_fd);

/* Is it the display that the firmware booted on? Returns 1, 0 (also for no display), or -errno. */
int device_is_boot_display(int device_fd);
