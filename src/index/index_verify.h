/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Is an index whole? For index.c alone. */
#pragma once

#include "index_file.h"

struct whole {
        int dir_fd;
        struct source *lists[2]; /* of modules, loadable and built in */
        const char *damaged;     /* the file; NULL: none so far */
};

/*
 * Reads each VFIO alias of PCI and CDX in ALIASES, and looks the modules that they name up in the
 * lists. Returns 0, also where something is damaged, or the errno of a read.
 */
int whole_aliases(struct whole *whole, struct source *aliases);
