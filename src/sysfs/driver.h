/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The current driver of a device, and whether it is a VFIO driver. */
#pragma once

#include <stdbool.h>

/*
 * The name of a driver is the name of a directory: NAME_MAX. Names are usually short, but there is
 * no other limit.
 */
#define DRIVER_SIZE 256

/*
 * *ret: the current driver. It may contain any byte: "Generic PHY" has a space. Returns 0; -ENOENT
 * if the device is bound to no driver; or another negative errno.
 */
int device_driver(int device_fd, char ret[DRIVER_SIZE]);

/*
 * *ret: the module of the current driver. Returns as device_driver(); -ENOENT also if the driver is
 * built in.
 */
int device_driver_module(int device_fd, char ret[DRIVER_SIZE]);

/*
 * Is the device bound to a VFIO driver, regardless of its name? Since Linux 6.1 the device's
 * directory shows it. Before, a driver is taken as a VFIO driver if its module uses vfio_pci_core,
 * or its name contains "vfio". Returns 1, 0 or a negative errno.
 */
int device_is_bound_to_vfio(int device_fd);

/*
 * Is there a vfio-dev directory? Returns 1, 0, -EOPNOTSUPP if the kernel does not create it (before
 * 6.1, or without VFIO), or another negative errno.
 */
int device_has_vfio_dev(int device_fd);

/* Does MODULE use vfio_pci_core, as each variant driver does? Returns 1, 0 or a negative errno. */
int module_uses_vfio_core(const char *module);

/* Does the name DRIVER contain "vfio"? */
bool driver_name_has_vfio(const char *driver);

/*
 * *ret: the device's driver_override, "" if it is not set. Returns 0; -ENOENT if its bus does not
 * support it; or another negative errno.
 */
int device_override(int device_fd, char ret[DRIVER_SIZE]);
