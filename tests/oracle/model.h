/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * DESIGN 3, "The choice", once more: by other means than the code under test, over the text files.
 * And the rule of libvirt, with the reason where the two differ.
 */
#pragma once

#include "choice.h"
#include "plain_tree.h"

/* All rules that match a device, best first. */
struct ranking {
        const struct rule **list;
        size_t n;
        char key[512];       /* "vfio_" and the modalias, normalised */
        char generic[512];   /* "vfio_pci" */
        struct rule unnamed; /* the generic module as a rule without an alias */
};

/* What matches MODALIAS by fnmatch(3). To be released with ranking_done(). */
void ranking_make(struct ranking *ranking, const struct plain_tree *tree, const char *modalias);
void ranking_done(struct ranking *ranking);

/* The choice that DESIGN 3 wants. Returns whether there is one. */
bool model_choice(const struct plain_tree *tree, const struct ranking *ranking, struct choice *ret);

/* libvirt's: of the lines of modules.alias the one with the fewest wildcards, the first of equals.
 */
const struct rule *model_libvirt(const struct plain_tree *tree, const struct ranking *ranking);

enum reason {
        REASON_SAME, /* no difference */
        REASON_BLACKLIST,
        REASON_DISABLED,
        REASON_NO_MODULE,
        REASON_ADMIN,
        REASON_BUILT_IN,
        REASON_NO_ALIAS,
        REASON_STAR,
        REASON_LITERALS,
        REASON_GENERIC,
        REASON_ORDER,
        REASON_NAME,
        REASON_NONE, /* a difference that nothing explains */
        N_REASONS,
};

extern const char *const reason_told[N_REASONS];

/*
 * Why ANSWER (FOUND: whether there is one) is not what libvirt would take: computed of the two, and
 * not of how the choice was found.
 */
enum reason model_reason(const struct plain_tree *tree, const struct ranking *ranking, bool found,
                         const struct choice *choice, const struct rule *libvirt);
