/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How devices are bound, and what is reported. */
#pragma once

#include <stdbool.h>

struct bind_options {
        const char *driver; /* NULL: the choice of each */
        unsigned flags;     /* enum vfio_variant_flags */
        bool is_for_tag;    /* the devices are bound because they are tagged */
        bool is_quiet;      /* a device that is already bound is not reported */
};
