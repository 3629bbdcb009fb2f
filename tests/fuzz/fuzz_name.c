/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fuzzes names of modules and drivers. The input: two names, a newline between them. */
#include <string.h>

#include "fuzz.h"
#include "input.h"
#include "name.h"

static const char characters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.+";

static bool is_valid(const char *name) {
        size_t length = strlen(name);

        return length > 0 && length < NAME_SIZE && strspn(name, characters) == length &&
               name[0] != '.';
}

static void underscore(char *name) {
        for (; *name; name++)
                if (*name == '-')
                        *name = '_';
}

static void check_driver(const char *name) {
        const char *driver = name_known_driver(name);

        if (!driver)
                return;
        must(is_valid(name) && is_valid(driver));
        must(name_is_same_module(driver, name)); /* of those that are known so far */
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
        struct input input = {bytes, size};
        char *a = input_take_line(&input), *b = input_take_line(&input);
        bool same = name_is_same_module(a, b);

        must(name_is_valid(a, strlen(a)) == is_valid(a));
        must(name_is_same_module(b, a) == same);
        must(name_is_same_module(a, a));
        check_driver(a);
        underscore(a);
        underscore(b);
        must(same == (strcmp(a, b) == 0));
        check_driver(a);
        free(a);
        free(b);
        return 0;
}
