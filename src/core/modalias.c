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

static void clear_places(struct modalias *modalias) {
        for (size_t word = 0; word < modalias->n_words; word++)
                for (size_t i = 0; i < MODALIAS_N_LETTERS; i++)
                        modalias->places[word][i] = 0;
}

/* Notes for each letter of the key where it stands, so that the matcher need not look. */
static void note_places(struct modalias *modalias) {
        uint64_t *places = modalias->places[0];
        uint64_t place = 1;

        clear_places(modalias);
        for (const char *letter = modalias->key; *letter; letter++) {
                places[(unsigned char)*letter] |= place;
                place <<= 1;
                if (!place) {
                        places += MODALIAS_N_LETTERS;
                        place = 1;
                }
        }
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
        ret->length = PREFIX_LENGTH + n;
        ret->n_words = ret->length / 64 + 1;
        text_copy(ret->key, MODALIAS_PREFIX, PREFIX_LENGTH);
        for (n = PREFIX_LENGTH; n < ret->length; n++)
                ret->key[n] = text_underscored(*text++);
        do
                ret->key[n++] = '\0';
        while (n % sizeof(uint64_t) != 0);
        text_copy(ret->generic, ret->key, PREFIX_LENGTH + bus);
        ret->generic[PREFIX_LENGTH + bus] = '\0';
        note_places(ret);
        return 0;
}
