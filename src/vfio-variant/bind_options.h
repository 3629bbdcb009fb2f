/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How devices are bound, and what is reported of it. */
#pragma once

#include <stdbool.h>

struct bind_options {
        const char *driver; /* NULL: the choice of each */
        unsigned flags;     /* enum vfio_variant_flags */
        bool is_for_tag;    /* no person named the devices */
        bool is_quiet;      /* reports nothing of a device that is bound already */
};
