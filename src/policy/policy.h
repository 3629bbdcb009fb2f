/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The administrator's will: aliases and blacklists in modprobe.d and on the kernel command line. */
#pragma once

#include <stdbool.h>

#include "arena.h"
#include "modalias.h"

struct policy;

/*
 * DIRECTORIES (ends in NULL): read these instead of the system's modprobe.d directories; NULL: the
 * system's. MODULES: the directory of the module index, NULL for the running kernel's. Both belong
 * to the caller and must outlive the policy. Memory is taken from ARENA. Returns 0 and a policy to
 * be closed with policy_close(), before the arena is done; -ENOMEM; or the errno of a read of
 * /proc/cmdline.
 */
int policy_open(const char *modules, const char *const *directories, struct arena *arena,
                struct policy **ret);
void policy_close(struct policy *policy);

/*
 * Is MODULE blacklisted, in modprobe.d or by `modprobe.blacklist=`? That keeps it from being loaded
 * by an alias, not by its name. Returns 1, 0, or a negative errno; -EOPNOTSUPP: something is said
 * that needs libkmod, which is missing.
 */
int policy_blacklists(struct policy *policy, const char *module);

/* What keeps a module from being loaded at all. */
enum policy_ban {
        POLICY_NO_BAN,
        POLICY_KERNEL,  /* `module_blacklist=` on the kernel command line */
        POLICY_INSTALL, /* an `install` line in modprobe.d whose command loads nothing */
};

/*
 * Can MODULE not be loaded, even by its name or for a module that depends on it? Of a built-in
 * module none of this is true. *ret: the reason. Returns 0, or as policy_blacklists().
 */
int policy_bans(struct policy *policy, const char *module, enum policy_ban *ret);

/* May policy_bans() say so of any module? Returns 1, 0, or as policy_blacklists(). */
int policy_bans_any(struct policy *policy);

/*
 * Calls ON_MATCH for each `alias vfio_...` line that matches KEY. Returns 0, ON_MATCH's negative
 * value, or as policy_blacklists().
 */
int policy_lookup(struct policy *policy, const struct modalias *key,
                  int (*on_match)(const char *alias, const char *module, void *userdata),
                  void *userdata);
