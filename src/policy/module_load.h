/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Loads modules with libkmod, as modprobe does, honouring modprobe.d. */
#pragma once

/*
 * Loads MODULE and its dependencies. MODULE may be an alias; '-' and '_' are the same character. A
 * blacklist does not apply to a module that is loaded by its name. DIRECTORY: the directory of
 * modules.dep.bin, NULL for the running kernel's. MODPROBE_DIRECTORIES: as for policy_open().
 *
 * Returns 0 if the module is loaded now, was loaded before, or is built in; -EINVAL if MODULE is
 * not a valid name; -ENOENT if there is no such module; -EOPNOTSUPP if libkmod is not installed; or
 * a negative errno of the kernel: -EPERM without privileges, or if `module_blacklist=` names it.
 */
int load_module(const char *module, const char *directory, const char *const *modprobe_directories);

/*
 * Loads each module that has an alias for MODALIAS and is not blacklisted, as udev does for a
 * device. Returns 0 if at least one is loaded; -ENOENT if no module has such an alias; or an error
 * as load_module().
 */
int load_modalias(const char *modalias, const char *directory,
                  const char *const *modprobe_directories);

/*
 * Calls ON_MODULE for each module that load_modalias() would load. Nothing is loaded. Returns 0,
 * the first non-zero value of ON_MODULE, -EINVAL, -EOPNOTSUPP as load_module(), or -ENOMEM.
 */
int load_each_module(const char *modalias, const char *directory,
                     const char *const *modprobe_directories,
                     int (*on_module)(const char *module, void *userdata), void *userdata);
