/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What /sys says of a device. */
#pragma once

#include <stddef.h>

/* A sysname has no bound of its own; NAME_MAX is that of a directory. */
#define SYSNAME_SIZE 256

/*
 * Opens the directory of DEVICE: a sysname on one of the buses that we know (0000:3b:00.0) or a
 * syspath (/sys/...). Returns a descriptor, which the caller closes; -ENODEV where there is no such
 * device; -EINVAL for a path that is not below /sys; or another negative errno.
 */
int device_open(const char *device);

/* The same for SYSNAME on BUS, neither of which has a slash. */
int device_open_on(const char *bus, const char *sysname);

/* The same for DEVPATH, which is a syspath without its "/sys". */
int device_open_devpath(const char *devpath);

/*
 * Reads the attribute NAME, without the newline at its end, into RET of SIZE bytes. Returns 0;
 * -ENOENT where the device has none; -EMSGSIZE where it is longer; or another negative errno.
 */
int device_attribute(int device_fd, const char *name, char *ret, size_t size);

/* The sysname of the physical function of a virtual one. Returns 0, -ENOENT, or as above. */
int device_physfn(int device_fd, char ret[SYSNAME_SIZE]);
