/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A module of the running kernel in /sys. */
#pragma once

#include "name.h"

/*
 * *ret: the driver that MODULE has registered on BUS: its actual name, once the module is loaded.
 * Returns 0; -ENOENT if the module is not loaded or has no driver on this bus; or another negative
 * errno.
 */
int module_driver(const char *module, const char *bus, char ret[NAME_SIZE]);

/*
 * Is MODULE loaded? '-' and '_' are the same character. Returns 1, 0 (also if it is built in), or a
 * negative errno.
 */
int module_is_loaded(const char *module);
