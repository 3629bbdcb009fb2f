/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The answer: which driver VFIO would use for a device, by the module index and the policy. */
#pragma once

#include <stdbool.h>

#include "alias.h"
#include "name.h"
#include "policy.h"
#include "rank.h"
#include "vfio-variant.h"

struct answer_source;

/*
 * Where answers come from. FOLDER: the one with modules.alias.bin, NULL for the running kernel's;
 * MODPROBE_FOLDERS: as policy_open() takes them. Both must outlive the source. It stays open for
 * any number of answers, and shows the index and the policy as they were when it was opened.
 *
 * Returns 0 and a source to be closed with answer_source_close(); -ENOENT where there is no such
 * folder; or another negative errno of index_open() and policy_open().
 */
int answer_source_open(const char *folder, const char *const *modprobe_folders,
                       struct answer_source **ret);
void answer_source_close(struct answer_source *source);

/* A file of the index that is damaged, and in whose place a text file answered; or NULL. */
const char *answer_source_damaged_file(const struct answer_source *source);

/* What became of the pin. */
enum answer_pin {
        PIN_NONE,    /* there was none */
        PIN_TAKEN,   /* it is the answer */
        PIN_INVALID, /* it is no name of a module or driver */
        PIN_UNKNOWN, /* no such module in this tree */
        PIN_REFUSED, /* the module can't be loaded: answer_explain() tells why */
};

/* Strings are "" where there is none. */
struct answer {
        char driver[NAME_SIZE];
        char module[NAME_SIZE];   /* to be loaded first; "" where the driver is built in */
        char alias[ALIAS_SIZE];   /* the alias that won; "" where a pin did */
        char fallback[NAME_SIZE]; /* the driver to try where DRIVER refuses */
        enum answer_pin pin;
        enum policy_ban pin_ban;    /* PIN_REFUSED: why PIN_BANNED can't be loaded */
        char pin_banned[NAME_SIZE]; /* the pinned module, or one that it depends on */
};

/*
 * Answers for a device with MODALIAS; PIN is what an administrator asks for, or NULL. A pin that
 * can't be had is told in the answer, which is otherwise the one without it.
 *
 * Returns 1 where there is a driver, 0 where there is none (but *ret is filled in, too); -EINVAL or
 * -ENAMETOOLONG where MODALIAS is none; -ENOENT if there is no index in the directory; -EBADMSG
 * where the index is damaged; or a negative errno of
 * index_lookup() and policy_lookup().
 */
int answer_find(struct answer_source *source, const char *modalias, const char *pin,
                struct answer *ret);

struct answer_candidate {
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
 * that answer_explain() reports so are, in this order, the answer of answer_find(), its fallback,
 * and all others up to and including the generic driver of the bus. Each module is among them once.
 */
static inline bool answer_is_usable(enum vfio_variant_verdict verdict) {
        return verdict == VFIO_VARIANT_VERDICT_WON || verdict == VFIO_VARIANT_VERDICT_FALLBACK ||
               verdict == VFIO_VARIANT_VERDICT_NEXT;
}

/* The candidate and its strings are gone behind the call. What is not 0 ends it. */
typedef int (*answer_candidate_fn)(const struct answer_candidate *candidate, void *userdata);

/*
 * answer_find() that tells how: calls ON_CANDIDATE for each candidate, in rank order. Returns as
 * answer_find(), or what ON_CANDIDATE returned.
 */
int answer_explain(struct answer_source *source, const char *modalias, const char *pin,
                   answer_candidate_fn on_candidate, void *userdata);

/*
 * Has MODULE an alias of a VFIO driver for any device on the bus of MODALIAS? Returns 1, 0 or an
 * error as answer_find().
 */
int answer_module_has_alias(struct answer_source *source, const char *modalias, const char *module);

/*
 * Is the module index whole, as far as any look-up could need it? Returns 0; 1 and *ret, the name
 * of a file that is damaged, also where a text file stands in; -ENOENT where there is no index; or
 * the errno of a read.
 */
int answer_source_check(struct answer_source *source, const char **ret);
