/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The text that udev's IMPORT{program} reads: lines of KEY=value. */
#include "property.h"

#include "text.h"

static bool is_plain(char c) {
        return text_is_graph(c) && c != '"' && c != '\'' && c != '`' && c != '\\' && c != '$' &&
               c != '%';
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
