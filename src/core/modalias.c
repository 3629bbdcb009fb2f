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

static int check(const char *text, size_t bus) {
        size_t n = 0;

        if (bus == 0)
                return -EINVAL;
        for (; text[n]; n++) {
                if (!text_is_graph(text[n]))
                        return -EINVAL;
                if (PREFIX_LENGTH + n + 1 >= MODALIAS_KEY_SIZE)
                        return -ENAMETOOLONG;
        }
        return 0;
}

/* Notes for each letter where it stands, so that the matcher need not look. */
static void note_places(struct modalias *modalias) {
        modalias->n_words = modalias->length / 64 + 1;
        for (size_t word = 0; word < modalias->n_words; word++)
                for (size_t i = 0; i < 128; i++)
                        modalias->places[word][i] = 0;
        for (size_t i = 0; i < modalias->length; i++)
                modalias->places[i / 64][(unsigned char) modalias->key[i]] |= UINT64_C(1)
                                                                              << (i % 64);
}

int modalias_parse(const char *text, struct modalias *ret) {
        size_t bus = bus_length(text);
        size_t n = PREFIX_LENGTH;
        int r = check(text, bus);

        if (r < 0)
                return r;
        text_copy(ret->key, MODALIAS_PREFIX, PREFIX_LENGTH);
        for (; *text; text++)
                ret->key[n++] = text_underscored(*text);
        ret->length = n;
        do
                ret->key[n++] = '\0';
        while (n % sizeof(uint64_t) != 0);
        text_copy(ret->generic, ret->key, PREFIX_LENGTH + bus);
        ret->generic[PREFIX_LENGTH + bus] = '\0';
        note_places(ret);
        return 0;
}
