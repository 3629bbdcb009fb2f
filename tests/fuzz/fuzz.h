/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the fuzz targets share: each is one file with LLVMFuzzerTestOneInput(). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* libFuzzer's, and fuzz_main.c's: is called with one input after the other, and returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size);

/* What must be true for any input. Not assert(3), which a build may disable. */
#define must(expression) ((expression) ? (void)0 : fuzz_fail(#expression, __FILE__, __LINE__))

__attribute__((noreturn)) static inline void fuzz_fail(const char *expression, const char *file,
                                                       int line) {
        (void)fprintf(stderr, "%s:%d: must be so, but is not: %s\n", file, line, expression);
        abort();
}
