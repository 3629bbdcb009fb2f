/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A choice, and the candidates that it was made from. */
#pragma once

#include <stdbool.h>

#include "alias.h"
#include "name.h"
#include "policy.h"
#include "rank.h"
#include "vfio-variant.h"

/* The result for the pin. */
enum choice_pin {
        PIN_NONE,    /* there is none */
        PIN_TAKEN,   /* it is the choice */
        PIN_INVALID, /* not the name of a module or driver */
        PIN_UNKNOWN, /* no such module in this tree */
        PIN_REFUSED, /* the module cannot be loaded: choice_explain() reports why */
};

/* A string is "" if there is none. */
struct choice {
        char driver[NAME_SIZE];
        char module[NAME_SIZE];   /* to load first; "" if the driver is built in */
        char alias[ALIAS_SIZE];   /* the alias that won; "" if a pin did */
        char fallback[NAME_SIZE]; /* the driver to try if the probe of DRIVER fails */
        enum choice_pin pin;
        enum policy_ban pin_ban;    /* PIN_REFUSED: why PIN_BANNED cannot be loaded */
        char pin_banned[NAME_SIZE]; /* the pinned module, or one that it depends on */
};

struct choice_candidate {
        const struct candidate *candidate;
        const char *driver;  /* "" if unknown: VFIO_VARIANT_VERDICT_INVALID */
        const char *module;  /* to load first; "" if it is built in or missing */
        const char *banned;  /* VFIO_VARIANT_VERDICT_DEPENDENCY: the module that it depends on; else
                                "" */
        enum policy_ban ban; /* why BANNED cannot be loaded, or with _REFUSED and _DISABLED the
                                module itself */
        bool is_built_in;
        enum vfio_variant_verdict verdict;
};

/*
 * Is a candidate with VERDICT tried if the probes of all above it fail? Those that choice_explain()
 * reports with such a verdict are, in this order, the choice of choice_find(), its fallback, and
 * all others up to and including the generic driver of the bus. Each module occurs once.
 */
static inline bool choice_is_usable(enum vfio_variant_verdict verdict) {
        return verdict == VFIO_VARIANT_VERDICT_WON || verdict == VFIO_VARIANT_VERDICT_FALLBACK ||
               verdict == VFIO_VARIANT_VERDICT_NEXT;
}

/* CANDIDATE is valid during the call. A non-zero return value stops the iteration. */
typedef int (*choice_candidate_fn)(const struct choice_candidate *candidate, void *userdata);
