/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which driver holds a device, and whether that is a VFIO driver. */
#pragma once

#include <stdbool.h>

/* A driver's name is that of a directory: NAME_MAX. Most have less, but none is bound to. */
#define DRIVER_SIZE 256

/*
 * The driver that holds the device. Its bytes are the kernel's: "Generic PHY" has a blank. Returns
 * 0; -ENOENT where no driver does; or another negative errno.
 */
int device_driver(int device_fd, char ret[DRIVER_SIZE]);

/* The module of that driver. Returns as above; -ENOENT also where the driver is built in. */
int device_driver_module(int device_fd, char ret[DRIVER_SIZE]);

/*
 * Does a VFIO driver hold the device, whatever it is called? Since Linux 6.1 its directory says so.
 * Before that it is one whose module uses vfio_pci_core, or else has "vfio" in its name.
 * Returns 1, 0 or a negative errno.
 */
int device_is_on_vfio(int device_fd);

/*
 * The pieces of that. Is there a vfio-dev directory: 1, 0, -EOPNOTSUPP where the kernel makes none
 * (before 6.1, or without VFIO), or another negative errno.
 */
int device_has_vfio_dev(int device_fd);

/* Does MODULE use vfio_pci_core, as each variant driver does? Returns 1, 0 or a negative errno. */
int module_uses_vfio_core(const char *module);

/* Has DRIVER "vfio" in its name? */
bool driver_is_called_vfio(const char *driver);

/*
 * The device's driver_override. Returns 0, and "" where none is set; -ENOENT where its bus knows
 * none; or another negative errno.
 */
int device_override(int device_fd, char ret[DRIVER_SIZE]);
