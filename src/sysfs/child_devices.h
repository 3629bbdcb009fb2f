/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the kernel has made of a device: the block devices, network interfaces below its directory.
 */
#pragma once

#include "device_handle.h"

typedef int (*below_fn)(const char *name, void *userdata);

/*
 * Calls ON_NAME for each device of CLASS ("block", "net") that lies below the directory of the
 * device of HANDLE, in no order. What is not 0 ends it. Returns 0, ON_NAME's, or a negative errno.
 */
int below_each(const struct handle *handle, const char *class, below_fn on_name, void *userdata);
