/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The administrator's will: aliases and blacklists in modprobe.d and on the kernel command line. */
#pragma once

#include <stdbool.h>

#include "arena.h"
#include "modalias.h"

struct policy;

/*
 * FOLDERS (ends in NULL, belongs to the caller and must outlive the policy): read these instead of
 * the system's modprobe.d folders; NULL: the system's. Memory is taken from ARENA.
 * Returns 0 and a policy to be closed with policy_close(), before the arena is done; -ENOMEM; or
 * the errno of a read of /proc/cmdline.
 */
int policy_open(const char *const *folders, struct arena *arena, struct policy **ret);
void policy_close(struct policy *policy);

/*
 * Is MODULE blacklisted, in modprobe.d, by `modprobe.blacklist=` or by `module_blacklist=`? Returns
 * 1, 0, or a negative errno; -EOPNOTSUPP: something is said that needs libkmod, which is missing.
 */
int policy_blacklists(struct policy *policy, const char *module);

/* Does the kernel itself refuse MODULE, even where it is asked for by name (`module_blacklist=`)?
 */
bool policy_refuses(const struct policy *policy, const char *module);

/*
 * Calls ON_MATCH for each `alias vfio_...` line that matches KEY. Returns 0, ON_MATCH's negative
 * value, or as policy_blacklists().
 */
int policy_lookup(struct policy *policy, const struct modalias *key,
                  int (*on_match)(const char *alias, const char *module, void *userdata),
                  void *userdata);
