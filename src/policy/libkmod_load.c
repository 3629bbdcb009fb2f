/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libkmod, loaded when it is needed. */
#include "libkmod_load.h"

#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>

/* Not pointers to the names: they would be relocated on each start of the helper */
static const struct {
        char name[40];
        size_t offset;
} functions[] = {
#define LIBKMOD_ROW(function) {#function, offsetof(struct libkmod, function)},
        LIBKMOD_FUNCTIONS(LIBKMOD_ROW)};

int libkmod_load(struct libkmod *ret) {
        void *library = dlopen(LIBKMOD, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
        int r = library ? 0 : -EOPNOTSUPP;

        for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]) && r == 0; i++) {
                void *function = dlsym(library, functions[i].name);

                if (function)
                        *(void **)((char *)ret + functions[i].offset) = function;
                else
                        r = -EOPNOTSUPP;
        }
        if (library)
                (void)dlclose(library); /* RTLD_NODELETE: the library stays loaded */
        return r;
}
