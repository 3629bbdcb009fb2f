/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The text that udev's IMPORT{program} reads: lines of KEY=value. */
#include "property.h"

#include <stdint.h>

/* The letters from '!' to '~' but for those that mean something: a bit each, 64 to a word. */
#define BIT(c)     (UINT64_C(1) << ((c) % 64))
#define PLAIN_LOW  (~(BIT(33) - 1) & ~BIT('"') & ~BIT('\'') & ~BIT('$') & ~BIT('%'))
#define PLAIN_HIGH (~BIT(127) & ~BIT('`') & ~BIT('\\'))

static bool is_plain(char c) {
        unsigned char letter = (unsigned char)c;

        return letter < 128 && (letter < 64 ? PLAIN_LOW : PLAIN_HIGH) & BIT(letter);
}

bool property_add(struct property_text *text, const char *key, const char *value) {
        char *at = text->text + text->length;
        const char *end = text->text + sizeof(text->text);

        if (!*value)
                return false;
        while (*key && at < end)
                *at++ = *key++;
        if (at < end)
                *at++ = '=';
        for (; is_plain(*value) && at < end; value++)
                *at++ = *value;
        if (*value || at == end)
                return false; /* what was written lies behind the end of the text */
        *at++ = '\n';
        text->length = (size_t)(at - text->text);
        return true;
}
