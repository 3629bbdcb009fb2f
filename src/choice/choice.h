/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The choice: which driver VFIO would use for a device, by the module index and the policy. */
#pragma once

#include <stdbool.h>

#include "alias.h"
#include "name.h"
#include "policy.h"
#include "rank.h"
#include "vfio-variant.h"

struct choice_source;

/*
 * Where answers come from. DIRECTORY: the one with modules.alias.bin, NULL for the running
 * kernel's; MODPROBE_DIRECTORIES: as policy_open() takes them. Both must outlive the source. It
 * stays open for any number of choices, and shows the index and the policy as they were when it was
 * opened.
 *
 * Returns 0 and a source to be closed with choice_source_close(); -ENOENT where there is no such
 * directory; or another negative errno of index_open() and policy_open().
 */
int choice_source_open(const char *directory, const char *const *modprobe_directories,
                       struct choice_source **ret);
void choice_source_close(struct choice_source *source);

/* A file of the index that is damaged, and in whose place a text file answered; or NULL. */
const char *choice_source_damaged_file(const struct choice_source *source);

/* What became of the pin. */
enum choice_pin {
        PIN_NONE,    /* there was none */
        PIN_TAKEN,   /* it is the choice */
        PIN_INVALID, /* it is no name of a module or driver */
        PIN_UNKNOWN, /* no such module in this tree */
        PIN_REFUSED, /* the module can't be loaded: choice_explain() tells why */
};

/* Strings are "" where there is none. */
struct choice {
        char driver[NAME_SIZE];
        char module[NAME_SIZE];   /* to be loaded first; "" where the driver is built in */
        char alias[ALIAS_SIZE];   /* the alias that won; "" where a pin did */
        char fallback[NAME_SIZE]; /* the driver to try where DRIVER refuses */
        enum choice_pin pin;
        enum policy_ban pin_ban;    /* PIN_REFUSED: why PIN_BANNED can't be loaded */
        char pin_banned[NAME_SIZE]; /* the pinned module, or one that it depends on */
};

/*
 * Answers for a device with MODALIAS; PIN is what an administrator asks for, or NULL. A pin that
 * can't be had is told in the choice, which is otherwise the one without it.
 *
 * Returns 1 where there is a driver, 0 where there is none (but *ret is filled in, too); -EINVAL or
 * -ENAMETOOLONG where MODALIAS is none; -ENOENT if there is no index in the directory; -EBADMSG
 * where the index is damaged; or a negative errno of
 * index_lookup() and policy_lookup().
 */
int choice_find(struct choice_source *source, const char *modalias, const char *pin,
                struct choice *ret);

struct choice_candidate {
        const struct candidate *candidate;
        const char *driver; /* "" if it is not known: VFIO_VARIANT_VERDICT_INVALID */
        const char *module; /* to be loaded first; "" if it is built in or not there */
        const char *banned; /* VFIO_VARIANT_VERDICT_DEPENDENCY: the module that it depends on; else
                               "" */
        enum policy_ban
                ban; /* why BANNED, or with _REFUSED and _DISABLED itself, can't be loaded */
        bool is_built_in;
        enum vfio_variant_verdict verdict;
};

/*
 * Is a candidate with VERDICT one of those that are tried in turn until one takes the device? Those
 * that choice_explain() reports so are, in this order, the choice of choice_find(), its fallback,
 * and all others up to and including the generic driver of the bus. Each module is among them once.
 */
static inline bool choice_is_usable(enum vfio_variant_verdict verdict) {
        return verdict == VFIO_VARIANT_VERDICT_WON || verdict == VFIO_VARIANT_VERDICT_FALLBACK ||
               verdict == VFIO_VARIANT_VERDICT_NEXT;
}

/* The candidate and its strings are gone behind the call. What is not 0 ends it. */
typedef int (*choice_candidate_fn)(const struct choice_candidate *candidate, void *userdata);

/*
 * choice_find() that tells how: calls ON_CANDIDATE for each candidate, in rank order. Returns as
 * choice_find(), or what ON_CANDIDATE returned.
 */
int choice_explain(struct choice_source *source, const char *modalias, const char *pin,
                   choice_candidate_fn on_candidate, void *userdata);

/*
 * Has MODULE an alias of a VFIO driver for any device on the bus of MODALIAS? Returns 1, 0 or an
 * error as choice_find().
 */
int choice_module_has_alias(struct choice_source *source, const char *modalias, const char *module);

/*
 * Is the module index whole, as far as any lookup could need it? Returns 0; 1 and *ret, the name
 * of a file that is damaged, also where a text file stands in; -ENOENT where there is no index; or
 * the errno of a read.
 */
int choice_source_check(struct choice_source *source, const char **ret);
