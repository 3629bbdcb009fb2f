/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Information on a module, which is found once: is it available, is it allowed, what is its driver?
 */
#pragma once

#include <stdbool.h>

#include "arena.h"
#include "index.h"
#include "modalias.h"
#include "name.h"
#include "policy.h"

struct module_info {
        struct module_info *next;
        char module[NAME_SIZE];
        char generic[NAME_SIZE]; /* the generic module of the bus of DRIVER */
        char driver[NAME_SIZE];  /* the expected name, until the module is loaded */
        bool named_built_in;     /* the index of built-in aliases names it */
        bool blacklisted;
        enum policy_ban ban;    /* why the module cannot be loaded, because BANNED cannot */
        char banned[NAME_SIZE]; /* MODULE, or a module that it depends on */
        enum index_presence presence;
};

struct module_info_cache {
        struct arena *arena;
        struct index *index;
        struct policy *policy;
        bool running; /* the index is the running kernel's: /sys/module applies to it */
        struct module_info *list;
};

/*
 * *ret: the information on MODULE, as depmod writes its name, for a device with KEY. It is owned by
 * the cache. Returns 0, -ENOMEM, or a negative errno of policy_blacklists(), policy_bans() and
 * index_find_module().
 */
int module_info_find(struct module_info_cache *cache, const struct modalias *key,
                     const char *module, bool named_built_in, const struct module_info **ret);
