/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The modalias of a device, and the key by which its VFIO drivers are looked up. */
#include "modalias.h"

#include <errno.h>

#include "text.h"

#define PREFIX_LENGTH (sizeof(MODALIAS_PREFIX) - 1)

/* The length of the bus's name, or 0 where TEXT does not begin with one. */
static size_t bus_length(const char *text) {
        size_t n = 0;

        if (text_is_digit(text[0]))
                return 0; /* that is an address: 0000:3b:00.0 */
        while (text_is_alphanumeric(text[n]) || text[n] == '-' || text[n] == '_')
                n++;
        return text[n] == ':' && PREFIX_LENGTH + n < NAME_SIZE ? n : 0;
}

int modalias_parse(const char *text, struct modalias *ret) {
        size_t bus = bus_length(text);
        size_t n = PREFIX_LENGTH;
        struct modalias parsed;

        if (bus == 0)
                return -EINVAL;
        memcpy(parsed.key, MODALIAS_PREFIX, PREFIX_LENGTH);
        for (; *text; text++) {
                if (!text_is_graph(*text))
                        return -EINVAL;
                if (n + 1 >= sizeof(parsed.key))
                        return -ENAMETOOLONG;
                parsed.key[n++] = *text == '-' ? '_' : *text;
        }
        parsed.key[n] = '\0';
        parsed.length = n;
        memcpy(parsed.generic, parsed.key, PREFIX_LENGTH + bus);
        parsed.generic[PREFIX_LENGTH + bus] = '\0';
        *ret = parsed;
        return 0;
}
