/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What /sys says of a module of the running kernel. */
#pragma once

#include "name.h"

/*
 * The driver that MODULE has registered on BUS: the truth about its name, once the module is in.
 * Returns 0; -ENOENT where it is not loaded or has no driver on that bus; or another negative
 * errno.
 */
int module_driver(const char *module, const char *bus, char ret[NAME_SIZE]);

/* Is MODULE, '-' and '_' being one character, loaded? Returns 1, 0 (also where it is built in),
 * -errno.
 */
int module_is_loaded(const char *module);

/* MODULE as its directory in /sys/module is spelled, with '_'. */
void module_spell(const char *module, char ret[NAME_SIZE]);
