/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names of modules and drivers, which are two things: vfio_pci is the module, vfio-pci the driver.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* MODULE_NAME_LEN of the kernel's include/linux/module.h on 64-bit machines; a driver's likewise.
 */
#define NAME_SIZE 56

/* Is NAME, of LENGTH bytes, a name that a module or a driver can have: [A-Za-z0-9_.+-], bounded? */
bool name_is_valid(const char *name, size_t length);

/* Are A and B one module? As everywhere in kmod, '-' and '_' are the same character. */
bool name_is_same_module(const char *a, const char *b);

/*
 * The driver of those modules that are known to call it otherwise than themselves; NULL for all
 * others. '-' and '_' are never swapped blindly: most variant drivers have the module's name.
 * Source: the .name of struct pci_driver and cdx_driver below drivers/vfio in the kernel.
 */
const char *name_known_driver(const char *module);
