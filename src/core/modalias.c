/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The modalias of a device, and the key by which its VFIO drivers are looked up. */
#include "modalias.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "text.h"

#define PREFIX_LENGTH (sizeof(MODALIAS_PREFIX) - 1)

/* The length of the bus's name, or 0 where TEXT does not begin with one. */
static size_t bus_length(const char *text) {
        size_t n = 0;

        if (isdigit((unsigned char)text[0]))
                return 0; /* that is an address: 0000:3b:00.0 */
        while (text_is_alphanumeric(text[n]) || text[n] == '-' || text[n] == '_')
                n++;
        return text[n] == ':' && PREFIX_LENGTH + n < NAME_SIZE ? n : 0;
}

/* Two numbers at a time, as any 64-bit machine can. */
typedef uint64_t two_words __attribute__((vector_size(16), aligned(8), may_alias));

static void clear_places(struct modalias *modalias) {
        two_words *places = (two_words *)modalias->places;

        for (size_t i = modalias->n_words * MODALIAS_N_LETTERS / 2; i > 0; i--)
                *places++ = (two_words){};
}

/* Notes for each letter of the key where it stands, so that the matcher need not look. */
static void note_places(struct modalias *modalias) {
        clear_places(modalias);
        for (size_t word = 0, i = 0; word < modalias->n_words; word++) {
                uint64_t *places = modalias->places[word];

                for (uint64_t place = 1; place && i < modalias->length; place <<= 1, i++)
                        places[(unsigned char)modalias->key[i]] |= place;
        }
}

/* Ends the key, which has LENGTH letters. */
static void end_key(struct modalias *modalias, size_t length) {
        modalias->length = length;
        modalias->n_words = length / 64 + 1;
        do
                modalias->key[length++] = '\0';
        while (length % sizeof(uint64_t) != 0);
        note_places(modalias);
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
        ret->is_begin = false;
        memcpy(ret->key, MODALIAS_PREFIX, PREFIX_LENGTH);
        for (size_t i = 0; i < n; i++)
                ret->key[PREFIX_LENGTH + i] = text_underscored(text[i]);
        memcpy(ret->generic, ret->key, PREFIX_LENGTH + bus);
        ret->generic[PREFIX_LENGTH + bus] = '\0';
        end_key(ret, PREFIX_LENGTH + n);
        return 0;
}

void modalias_begin(const struct modalias *modalias, struct modalias *ret) {
        size_t length = strlen(modalias->generic) + 1;

        ret->is_begin = true;
        memcpy(ret->generic, modalias->generic, length);
        memcpy(ret->key, modalias->key, length);
        end_key(ret, length);
}
