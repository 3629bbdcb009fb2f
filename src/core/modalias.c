/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The modalias of a device, and the key by which its VFIO drivers are looked up. */
#include "modalias.h"

#include <errno.h>
#include <string.h>

#include "text.h"

#define PREFIX_LENGTH (sizeof(MODALIAS_PREFIX) - 1)

/* The length of the name of the bus at the begin of TEXT, or 0 if there is none. */
static size_t bus_length(const char *text) {
        size_t n = 0;

        if (text_is_digit(text[0]))
                return 0; /* an address: 0000:3b:00.0 */
        while (text_is_alphanumeric(text[n]) || text[n] == '-' || text[n] == '_')
                n++;
        return text[n] == ':' && PREFIX_LENGTH + n < NAME_SIZE ? n : 0;
}

int modalias_parse(const char *text, struct modalias *ret) {
        size_t bus = bus_length(text);
        size_t n = 0;

        while (text_is_graph(text[n]))
                n++;
        if (bus == 0 || text[n])
                return -EINVAL;
        if (PREFIX_LENGTH + n >= MODALIAS_KEY_SIZE)
                return -ENAMETOOLONG;
        ret->is_prefix = false;
        memcpy(ret->key, MODALIAS_PREFIX, PREFIX_LENGTH);
        for (size_t i = 0; i < n; i++)
                ret->key[PREFIX_LENGTH + i] = text_underscored(text[i]);
        memcpy(ret->generic, ret->key, PREFIX_LENGTH + bus);
        ret->generic[PREFIX_LENGTH + bus] = '\0';
        ret->length = PREFIX_LENGTH + n;
        ret->key[ret->length] = '\0';
        return 0;
}

void modalias_bus_prefix(const struct modalias *modalias, struct modalias *ret) {
        size_t length = strlen(modalias->generic) + 1;

        *ret = *modalias;
        ret->is_prefix = true;
        ret->length = length;
        ret->key[length] = '\0';
}
