/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Memory in a test program: where there is none left, it ends. */
#include "memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *must(void *memory) {
        if (!memory)
                abort();
        return memory;
}

void *memory_new(size_t size) {
        return must(calloc(1, size));
}

char *memory_text(const char *text) {
        return must(strdup(text));
}

char *memory_format(const char *format, ...) {
        va_list arguments;
        char *text;
        int r;

        va_start(arguments, format);
        r = vasprintf(&text, format, arguments);
        va_end(arguments);
        return must(r < 0 ? NULL : text);
}
