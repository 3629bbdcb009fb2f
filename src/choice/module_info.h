/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a source knows of a module, found out once: is it there, is it allowed, what is its driver?
 */
#pragma once

#include <stdbool.h>

#include "arena.h"
#include "index.h"
#include "modalias.h"
#include "name.h"
#include "policy.h"

struct facts {
        struct facts *next;
        char module[NAME_SIZE];
        char generic[NAME_SIZE]; /* of the bus on which it has DRIVER */
        char driver[NAME_SIZE];  /* as far as that can be known before the module is loaded */
        bool named_built_in;     /* by the index of built-in aliases */
        bool blacklisted;
        enum policy_ban ban;    /* it can't be loaded, because BANNED can't be */
        char banned[NAME_SIZE]; /* MODULE, or one that it depends on */
        enum index_presence presence;
};

struct facts_book {
        struct arena *arena;
        struct index *index;
        struct policy *policy;
        bool running; /* the tree is the running kernel's: /sys/module speaks of it */
        struct facts *list;
};

/*
 * The facts of MODULE, in depmod's spelling, for a device with KEY. *ret is the book's own. Returns
 * 0, -ENOMEM, or a negative errno of policy_blacklists(), policy_bans()
 * and index_find_module().
 */
int facts_find(struct facts_book *book, const struct modalias *key, const char *module,
               bool named_built_in, const struct facts **ret);
