/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names of modules and drivers. They differ: vfio_pci is a module, vfio-pci its driver. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/*
 * MODULE_NAME_LEN in include/linux/module.h of the kernel, on 64-bit machines. The same limit is
 * used for drivers.
 */
#define NAME_SIZE 56

/*
 * Is NAME, of LENGTH bytes, a valid name of a module or a driver: [A-Za-z0-9_.+-], shorter than
 * NAME_SIZE?
 */
bool name_is_valid(const char *name, size_t length);

/* Are A and B the same module? As in kmod, '-' and '_' are the same character. */
bool name_is_same_module(const char *a, const char *b);

/* *ret: MODULE, which is shorter than NAME_SIZE or is truncated, with `_` for each `-`, as depmod
 * writes it. */
void name_normalise(const char *module, char ret[NAME_SIZE]);

/*
 * The driver of a module that is known to have a different name from its driver; NULL for all other
 * modules. Most variant drivers have the name of their module, so that '-' and '_' cannot simply be
 * exchanged. Source: the .name of struct pci_driver and struct cdx_driver below drivers/vfio in the
 * kernel.
 */
const char *name_known_driver(const char *module);
