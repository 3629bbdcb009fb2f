/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What modprobe.d and `modprobe.blacklist=` say, as libkmod reads them. */
#pragma once

#include <stdbool.h>

#include "arena.h"

struct modprobe_config;

/*
 * Loads libkmod and has it read DIRECTORIES (ends in NULL; NULL: the system's), and modules.softdep
 * in MODULES, the directory of the module index (NULL: the running kernel's). Memory is taken from
 * ARENA. Returns 0 and what is to be closed with modprobe_config_close(); -EOPNOTSUPP where libkmod
 * is not installed; or -ENOMEM.
 */
int modprobe_config_open(const char *modules, const char *const *directories, struct arena *arena,
                         struct modprobe_config **ret);
void modprobe_config_close(struct modprobe_config *config);

/*
 * Is MODULE, in depmod's spelling, blacklisted? Returns 1, 0 or -ENOMEM. `modprobe.blacklist=` on
 * the kernel command line is taken by byte, as libkmod does: a `-` there matches no module.
 */
int modprobe_config_blacklists(const struct modprobe_config *config, const char *module);

/*
 * Calls ON_ALIAS for each alias, as it is written, and its module; what is not 0 ends it and is
 * returned. Returns 0 at the end, or -ENOMEM.
 */
int modprobe_config_each_alias(const struct modprobe_config *config,
                               int (*on_alias)(const char *alias, const char *module,
                                               void *userdata),
                               void *userdata);

/*
 * The command of the first `install` line for MODULE, or NULL; it is valid until CONFIG is closed.
 * A module with a `softdep` has none: modprobe.d(5), "softdep takes precedence".
 * Returns 0 or -ENOMEM.
 */
int modprobe_config_install(const struct modprobe_config *config, const char *module,
                            const char **ret);
