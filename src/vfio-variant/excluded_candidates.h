/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The candidates for a device that are excluded, and why, for all commands that find no driver. */
#pragma once

#include <stdbool.h>

#include "vfio-variant.h"

/* Half a dozen modules with their reasons; more are truncated. */
#define EXCLUDED_SIZE 2048

struct excluded {
        bool is_by_line;          /* one of them is excluded by a line of modprobe.d */
        bool is_by_parameter;     /* one of them is excluded by a parameter of the kernel */
        char last[EXCLUDED_SIZE]; /* the module that was added last: it may have several aliases */
        char list[EXCLUDED_SIZE]; /* "vfio_pci (blacklisted in ...), ..."; "": none */
};

/* The reason of CANDIDATE without its verdict, "out: ". */
const char *candidate_why(const struct vfio_variant_candidate *candidate);

bool candidate_is_excluded(const struct vfio_variant_candidate *candidate);

/* Adds CANDIDATE to the list, if it is excluded. */
void excluded_add(struct excluded *excluded, const struct vfio_variant_candidate *candidate);

/* Reads the candidates for DEVICE. Returns 0 or a negative errno of the lookup. */
int excluded_read(struct vfio_variant_device *device, struct excluded *ret);

/* What to do if no driver is usable. */
const char *excluded_advice(const struct excluded *excluded);
