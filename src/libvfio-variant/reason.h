/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Why a candidate won or is excluded, in English, for every report. */
#pragma once

#include <stdbool.h>

#include "choice.h"
#include "vfio-variant.h"

/* The size of a reason: a clause, with up to three names and the place of a line. */
#define REASON_SIZE 768

/* A candidate for a device. Strings are printable. */
struct vfio_variant_candidate {
        struct vfio_variant_candidate *next;
        struct candidate candidate;
        const char *driver, *banned; /* as in struct choice_candidate, and the following */
        enum policy_ban ban;
        enum vfio_variant_verdict verdict;
        enum vfio_variant_rule rule; /* by which it ranks above the next */
        /* Set by reason_write() */
        bool is_by_cmdline;       /* a parameter on the kernel command line excludes it */
        char reason[REASON_SIZE]; /* "won: ...", "out: ...", with the line or parameter */
};

/* PIN_PLACE: of the line in the hwdb that pins it; "" if unknown. */
void reason_write(struct vfio_variant_candidate *candidate, const char *pin_place);

/* Returns the verdict with its reason; "" if the reason depends on the candidate. */
const char *verdict_clause(enum vfio_variant_verdict verdict);

/* Why a candidate ranks above the next. */
const char *rule_clause(enum vfio_variant_rule rule);
