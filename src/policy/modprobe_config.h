/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The configuration in modprobe.d and `modprobe.blacklist=`, as libkmod reads it. */
#pragma once

#include "arena.h"

struct modprobe_config;

/*
 * Loads libkmod, and reads DIRECTORIES (ends in NULL; NULL: the system's) and modules.softdep in
 * MODULES, the directory of the module index (NULL: the running kernel's). Memory is taken from
 * ARENA. Returns 0 and a configuration, which the caller closes with modprobe_config_close();
 * -EOPNOTSUPP if libkmod is not installed; or -ENOMEM.
 */
int modprobe_config_open(const char *modules, const char *const *directories, struct arena *arena,
                         struct modprobe_config **ret);
void modprobe_config_close(struct modprobe_config *config);

/*
 * Is MODULE, as depmod writes its name, blacklisted? Returns 1, 0 or -ENOMEM. As in libkmod, a `-`
 * in `modprobe.blacklist=` does not match a `_`.
 */
int modprobe_config_blacklists(const struct modprobe_config *config, const char *module);

/*
 * Calls ON_ALIAS for each alias, as it is written, and its module. Returns 0, the first non-zero
 * value of ON_ALIAS, or -ENOMEM.
 */
int modprobe_config_each_alias(const struct modprobe_config *config,
                               int (*on_alias)(const char *alias, const char *module,
                                               void *userdata),
                               void *userdata);

/*
 * *ret: the command of the first `install` line for MODULE, or NULL. It is valid until CONFIG is
 * closed. For a module with a `softdep` line it is NULL: modprobe.d(5), "softdep takes precedence".
 * Returns 0 or -ENOMEM.
 */
int modprobe_config_install(const struct modprobe_config *config, const char *module,
                            const char **ret);
