/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The administrator's configuration of modules: aliases and blacklists in modprobe.d and on the
 * kernel command line.
 */
#pragma once

#include "arena.h"
#include "modalias.h"

struct policy;

/*
 * DIRECTORIES (ends in NULL) replace the system's modprobe.d directories; NULL: the system's.
 * MODULES: the directory of the module index, NULL for the running kernel's. Both must outlive the
 * policy. Memory is taken from ARENA. Returns 0 and a policy, which the caller closes with
 * policy_close() before the arena is released; -ENOMEM; or the negative errno of reading
 * /proc/cmdline.
 */
int policy_open(const char *modules, const char *const *directories, struct arena *arena,
                struct policy **ret);
void policy_close(struct policy *policy);

/*
 * Is MODULE blacklisted, in modprobe.d or by `modprobe.blacklist=`? It can then be loaded by its
 * name, but not by an alias. Returns 1, 0, or a negative errno; -EOPNOTSUPP: libkmod is needed to
 * know, and is not installed.
 */
int policy_blacklists(struct policy *policy, const char *module);

/* Why a module cannot be loaded. */
enum policy_ban {
        POLICY_NO_BAN,
        POLICY_KERNEL,  /* `module_blacklist=` on the kernel command line */
        POLICY_INSTALL, /* an `install` line in modprobe.d whose command does not load it */
};

/*
 * *ret: the reason for which MODULE can be loaded neither by its name nor as a dependency. It does
 * not apply to a built-in module. Returns 0, or as policy_blacklists().
 */
int policy_bans(struct policy *policy, const char *module, enum policy_ban *ret);

/* May policy_bans() find a reason for any module? Returns 1, 0, or as policy_blacklists(). */
int policy_bans_any(struct policy *policy);

/*
 * Calls ON_MATCH for each `alias vfio_...` line that matches KEY. Returns 0, the negative value of
 * ON_MATCH, or as policy_blacklists().
 */
int policy_lookup(struct policy *policy, const struct modalias *key,
                  int (*on_match)(const char *alias, const char *module, void *userdata),
                  void *userdata);
