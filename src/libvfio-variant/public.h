/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* For each file that defines public functions. */
#pragma once

#include <errno.h>
#include <stddef.h>

#include "vfio-variant.h"

/* In the symbol map; the shared library exports nothing else. */
#define _public_ __attribute__((visibility("default")))

/* Returns TEXT as a getter does: NULL with errno set if it is "". */
static inline const char *string_or_null(const char *text) {
        if (*text)
                return text;
        errno = ENODATA;
        return NULL;
}
