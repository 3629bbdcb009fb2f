/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The output for udev's IMPORT{program}: lines of KEY=value. */
#include "property_text.h"

#include <string.h>

#include "text.h"

/* Is C printable, and without a meaning to udev and to a shell? */
static bool is_plain(char c) {
        return text_is_graph(c) && !strchr("\"'$%`\\", c);
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
                return false; /* TEXT is not extended: length is unchanged */
        *at++ = '\n';
        text->length = (size_t)(at - text->text);
        return true;
}
