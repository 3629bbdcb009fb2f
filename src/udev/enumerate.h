/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Enumerates devices. */
#pragma once

#include <stddef.h>

struct udev;

/* Called for each device. A non-zero return value stops the iteration. */
typedef int (*device_enumerate_fn)(const char *subsystem, const char *sysname, void *userdata);

/*
 * Calls ON_DEVICE for each device of the buses whose devices can be assigned to a guest, whether it
 * has a record in the udev database or not. Returns 0, the first non-zero value of ON_DEVICE, or a
 * negative errno.
 */
int device_enumerate(struct udev *udev, device_enumerate_fn on_device, void *userdata);
