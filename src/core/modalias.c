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

/* How TEXT, which names a bus, is no modalias; 0: it is one. */
static int check(const char *text) {
        size_t n = 0;

        while (text_is_graph(text[n]))
                n++;
        if (text[n])
                return -EINVAL;
        return PREFIX_LENGTH + n < MODALIAS_KEY_SIZE ? 0 : -ENAMETOOLONG;
}

/* Puts LETTER behind the key, and notes where it stands, so that the matcher need not look. */
static void add_letter(struct modalias *modalias, char letter) {
        size_t n = modalias->length++;

        modalias->key[n] = letter;
        modalias->places[n / 64][(unsigned char) letter] |= UINT64_C(1) << (n % 64);
}

static void clear_places(struct modalias *modalias) {
        for (size_t word = 0; word < modalias->n_words; word++)
                for (size_t i = 0; i < 128; i++)
                        modalias->places[word][i] = 0;
}

int modalias_parse(const char *text, struct modalias *ret) {
        size_t bus = bus_length(text);
        int r = bus == 0 ? -EINVAL : check(text);

        if (r < 0)
                return r;
        ret->length = 0;
        ret->n_words = (PREFIX_LENGTH + text_length(text)) / 64 + 1;
        clear_places(ret);
        for (const char *prefix = MODALIAS_PREFIX; *prefix; prefix++)
                add_letter(ret, *prefix);
        for (; *text; text++)
                add_letter(ret, text_underscored(*text));
        for (size_t n = ret->length; n == ret->length || n % sizeof(uint64_t) != 0; n++)
                ret->key[n] = '\0';
        text_copy(ret->generic, ret->key, PREFIX_LENGTH + bus);
        ret->generic[PREFIX_LENGTH + bus] = '\0';
        return 0;
}
