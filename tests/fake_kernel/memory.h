/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Memory in a test program: where there is none left, it ends. What the tree needs is kept. */
#pragma once

#include <stddef.h>

/* All zero. */
void *memory_new(size_t size);

char *memory_text(const char *text);

__attribute__((format(printf, 1, 2))) char *memory_format(const char *format, ...);
