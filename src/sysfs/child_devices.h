/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The devices of a class that are below a device: block devices, network interfaces. */
#pragma once

#include "device_handle.h"

typedef int (*child_device_fn)(const char *name, void *userdata);

/*
 * Calls ON_NAME for each device of CLASS ("block", "net") below the device of HANDLE, in no order.
 * Returns 0, the first non-zero value of ON_NAME, or a negative errno.
 */
int child_device_each(const struct handle *handle, const char *class, child_device_fn on_name,
                      void *userdata);
