/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Checks an index for damage. Used by index.c only. */
#pragma once

#include "index_file.h"

struct index_verification {
        int dir_fd;
        struct index_file *lists[2]; /* of loadable and built-in modules */
        const char *damaged;         /* the name of a damaged file, or NULL */
};

/*
 * Reads each VFIO alias of a bus in core/bus.c in ALIASES, and looks up its module in the lists.
 * Returns 0, also if a file is damaged, or the negative errno of a read.
 */
int index_verify_aliases(struct index_verification *verification, struct index_file *aliases);
