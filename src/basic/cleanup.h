/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Cleanup attributes: what a scope owns is released when the scope ends. */
#pragma once

#include <stddef.h>
#include <stdlib.h>

#include "fd.h"

#define _cleanup_(function) __attribute__((cleanup(function)))

/* Defines FUNCTIONp(), which calls FUNCTION on the pointer in a variable. */
#define DEFINE_CLEANUP(type, function)                                                             \
        static inline void function##p(type *variable) {                                           \
                if (*variable)                                                                     \
                        (void)function(*variable);                                                 \
        }                                                                                          \
        struct cleanup_##function##_wants_a_semicolon

static inline void cleanup_close(const int *variable) {
        fd_close(*variable);
}

/* VARIABLE: the address of a pointer to what malloc(3) returned. */
static inline void cleanup_free(void *variable) {
        free(*(void **)variable);
}

/*
 * A large buffer that is filled by read(2), of which only the filled part is read.
 * -ftrivial-auto-var-init does not initialise it, which would write the whole buffer on each call.
 */
#if defined(__has_attribute) && __has_attribute(uninitialized)
#define _uninitialized_ __attribute__((uninitialized))
#else
#define _uninitialized_
#endif

#define _cleanup_close_ _cleanup_(cleanup_close)
#define _cleanup_free_  _cleanup_(cleanup_free)

/* Moves the owned pointer VARIABLE to the caller: the scope does not own it any more. */
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
