/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What each file of the library that defines a public function needs. */
#pragma once

#include <errno.h>
#include <stddef.h>

#include "vfio-variant.h"

/* In the symbol map; the shared library exports nothing else. */
#define _public_ __attribute__((visibility("default")))

/* What a getter returns for a string that is "" if there is none. */
static inline const char *string_or_null(const char *text) {
        if (*text)
                return text;
        errno = ENODATA;
        return NULL;
}
