/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Loading of modules through libkmod, as modprobe does, with what modprobe.d says of them. */
#pragma once

/*
 * Loads MODULE, with all that it depends on; '-' and '_' are one character, and an alias of it will
 * do. Who asks by name gets it past a blacklist. DIRECTORY: the one with modules.dep.bin, NULL for
 * the running kernel's; MODPROBE_DIRECTORIES: as policy_open() takes them.
 *
 * Returns 0 where it is loaded now, was before, or is built in; -EINVAL where MODULE is no name of
 * a module; -ENOENT where there is none of that name; -EOPNOTSUPP where libkmod is not installed;
 * or a negative errno of the kernel: -EPERM without the right to, or forbidden by
 * `module_blacklist=`.
 */
int load_module(const char *module, const char *directory, const char *const *modprobe_directories);

/*
 * Loads each module that has an alias for MODALIAS and that is not blacklisted, as udev does for a
 * device. Returns 0 where at least one is in; -ENOENT where no module is for it; else as above.
 */
int load_modalias(const char *modalias, const char *directory,
                  const char *const *modprobe_directories);

/*
 * Calls ON_MODULE for each module that load_modalias() would load, until it returns other than 0,
 * which is returned; nothing is loaded. Returns 0, also where there is none; -EINVAL, -EOPNOTSUPP
 * as above; or -ENOMEM.
 */
int load_each_module(const char *modalias, const char *directory,
                     const char *const *modprobe_directories,
                     int (*on_module)(const char *module, void *userdata), void *userdata);
