/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The lock of a device: one process at a time binds it. */
#pragma once

#include "device_handle.h"

/* Only root can write to it. */
#define RUN_DIRECTORY "/run/vfio-variant"

/* Makes RUN_DIRECTORY, if it is missing. Returns 0 or a negative errno. */
int run_directory_make(void);

/*
 * Locks the device. Returns a descriptor, by closing which the caller unlocks it; -EWOULDBLOCK if
 * another process has the lock; or another negative errno.
 */
int device_lock(const struct handle *handle);
