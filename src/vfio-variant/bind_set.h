/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Binds devices, those of one IOMMU group in one transaction. */
#pragma once

#include "device_set.h"

struct bind_options {
        const char *driver; /* NULL: the choice of each */
        unsigned flags;     /* of the library */
        bool is_for_tag;    /* no person named the devices */
        bool is_quiet;      /* says nothing of a device that is bound already */
};

/* Binds the devices of SET, which is empty then, and says what came of it. Returns the exit status.
 */
int bind_set(struct device_set *set, const struct bind_options *options);
