/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A small /sys for a test, in a mount and a network namespace of its own. */
#pragma once

#include "device_handle.h"

/*
 * From now on this process, which is one test's, has an empty /sys, and a network of its own. As an
 * ordinary user it has a user name space, too.
 */
void sys_enter(void);

/* From now on /proc, /dev is empty as well. Handles are opened before: they need /proc/self/fd. */
void sys_cover(const char *directory);

/* Make PATH, an absolute one, with the directories above it. A file that is there is replaced. */
void sys_directory(const char *path);
void sys_file(const char *path, const char *text);
void sys_link(const char *path, const char *target);

/* What is printed by FORMAT; good until it was called some more times. */
__attribute__((format(printf, 1, 2))) const char *sys_path(const char *format, ...);

/* The text of the file PATH, without its newline; until the next call. */
const char *sys_text(const char *path);

#define SYS_ROOT    "/sys/devices/pci0000:00/"
#define SYS_DRIVERS "/sys/bus/pci/drivers/"

/* Makes the PCI device SYSNAME, an Ethernet controller that is bound to no driver. */
void sys_device(const char *sysname);

/* Changes its class, which is in its modalias: "bc06sc04i00". */
void sys_class(const char *sysname, const char *class);

/* The IOMMU group of the device is GROUP. */
void sys_group(const char *sysname, const char *group);

/* Makes the driver NAME on the PCI bus, of MODULE, or built in if that is NULL. */
void sys_driver(const char *name, const char *module);

/* Binds the device to the driver; NULL: to none. */
void sys_hold(const char *sysname, const char *driver);

/* Opens the device. */
struct handle sys_open(const char *sysname);
