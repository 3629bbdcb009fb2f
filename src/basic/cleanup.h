/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Clean-up attributes: what a scope owns is released when the scope ends. */
#pragma once

#include <stdlib.h>

#include "fd.h"

#define _cleanup_(function) __attribute__((cleanup(function)))

/* Defines FUNCTIONp(), which calls FUNCTION on the pointer that a variable holds. */
#define DEFINE_CLEANUP(type, function)                                                             \
        static inline void function##p(type *variable) {                                           \
                if (*variable)                                                                     \
                        function(*variable);                                                       \
        }                                                                                          \
        struct cleanup_##function##_wants_a_semicolon

static inline void cleanup_free(void *variable) {
        free(*(void **) variable);
}

static inline void cleanup_close(const int *variable) {
        fd_close(*variable);
}

#define _cleanup_free_  _cleanup_(cleanup_free)
#define _cleanup_close_ _cleanup_(cleanup_close)

/* Hands the owned pointer VARIABLE over to the caller: the scope owns it no longer. */
#define take_pointer(variable)                                                                     \
        ({                                                                                         \
                __typeof__(variable) _taken = (variable);                                          \
                (variable) = NULL;                                                                 \
                _taken;                                                                            \
        })

/* The same for a file descriptor. */
static inline int take_fd(int *variable) {
        int fd = *variable;

        *variable = -1;
        return fd;
}
