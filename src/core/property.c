/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The text that udev's IMPORT{program} reads: lines of KEY=value. */
#include "property.h"

#include <stdint.h>

#include "text.h"

/* The letters from '!' to '~' but for those that mean something: a bit each, 64 to a word. */
#define BIT(c)      (UINT64_C(1) << ((c) % 64))
#define PLAIN_LOW   (~(BIT(33) - 1) & ~BIT('"') & ~BIT('\'') & ~BIT('$') & ~BIT('%'))
#define PLAIN_HIGH  (~BIT(127) & ~BIT('`') & ~BIT('\\'))

static bool is_plain(char c) {
        unsigned char letter = (unsigned char) c;

        return letter < 128 && (letter < 64 ? PLAIN_LOW : PLAIN_HIGH) & BIT(letter);
}

static bool value_is_plain(const char *value, size_t length) {
        for (size_t i = 0; i < length; i++)
                if (!is_plain(value[i]))
                        return false;
        return length > 0;
}

bool property_add(struct property_text *text, const char *key, const char *value) {
        size_t key_length = text_length(key), value_length = text_length(value);
        size_t left = sizeof(text->text) - text->length;
        char *end = text->text + text->length;

        if (!value_is_plain(value, value_length) || key_length + value_length + 2 > left)
                return false;
        text_copy(end, key, key_length);
        end[key_length] = '=';
        text_copy(end + key_length + 1, value, value_length);
        end[key_length + 1 + value_length] = '\n';
        text->length += key_length + value_length + 2;
        return true;
}
