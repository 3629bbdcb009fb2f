/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The devices there are. */
#pragma once

#include <stddef.h>

struct udev;

/* Called for each device. What is not 0 ends the walk. */
typedef int (*search_fn)(const char *subsystem, const char *sysname, void *userdata);

/*
 * Calls ON_DEVICE for each device of the buses whose devices can be given to a guest, whether udev
 * knows it already or not. Returns 0, ON_DEVICE's, or a negative errno.
 */
int search_all(struct udev *udev, search_fn on_device, void *userdata);
