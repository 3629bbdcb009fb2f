/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Why a candidate won or is excluded, in English, for every report. */
#pragma once

#include <stdbool.h>

#include "choice.h"
#include "vfio-variant.h"

/* The size of a reason: a clause, with up to three names and the place of a line. */
#define REASON_SIZE 768

/* What the reason of a candidate is made of. */
struct reason {
        const struct candidate *candidate;
        enum vfio_variant_verdict verdict;
        enum vfio_variant_rule rule;
        const char *banned; /* as in struct choice_candidate */
        enum policy_ban ban;
        const char *pin_place; /* of the line in the hwdb that pins it; "" if unknown */
};

/*
 * Writes the reason: "won: ...", "out: ...", with FILE:LINE or the kernel parameter that causes it.
 * Returns whether a parameter on the kernel command line excludes the candidate.
 */
bool reason_write(const struct reason *reason, char ret[REASON_SIZE]);
