/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A device in /sys: its directory and its attributes. */
#pragma once

#include <stddef.h>

/* A sysname has no limit of its own; it is the name of a directory: NAME_MAX. */
#define SYSNAME_SIZE 256

/*
 * Opens the directory of DEVICE: a sysname on a supported bus (0000:3b:00.0) or a syspath
 * (/sys/...). Returns a descriptor, which the caller closes; -ENODEV if there is no such device;
 * -EINVAL if the path is not below /sys; or another negative errno.
 */
int device_open(const char *device);

/* As device_open(), for SYSNAME on BUS, neither of which may contain a slash. */
int device_open_on(const char *bus, const char *sysname);

/* As device_open(), for DEVPATH, a syspath without its "/sys". */
int device_open_devpath(const char *devpath);

/* A non-zero return value stops the iteration. */
typedef int (*device_each_fn)(const char *subsystem, const char *sysname, void *userdata);

/*
 * Calls ON_DEVICE for each device of the buses whose devices can be assigned to a guest, on each
 * bus in the order of their names. Returns 0, the first non-zero value of ON_DEVICE, or a negative
 * errno.
 */
int device_each(device_each_fn on_device, void *userdata);

/*
 * Reads the attribute NAME, without the newline at its end, into RET of SIZE bytes. Returns 0;
 * -ENOENT if the device has no such attribute; -EMSGSIZE if the value is too long; or another
 * negative errno.
 */
int device_attribute(int device_fd, const char *name, char *ret, size_t size);

/*
 * *ret: the sysname of the physical function of a virtual function. Returns 0, -ENOENT, or as
 * device_attribute().
 */
int device_physfn(int device_fd, char ret[SYSNAME_SIZE]);
