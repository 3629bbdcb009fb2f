/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Escapes strings of devices, drivers and processes for messages. */
#include "escape.h"

#include <string.h>

static const char hex_digits[] = "0123456789abcdef";

void escape_append_bytes(char *ret, size_t size, const char *text, size_t length) {
        size_t at = strlen(ret);

        for (size_t i = 0; i < length; i++) {
                unsigned char c = (unsigned char)text[i];

                if (c >= ' ' && c <= '~') {
                        if (at + 1 >= size)
                                break;
                        ret[at++] = (char)c;
                } else {
                        const char escaped[] = {'\\', 'x', hex_digits[c >> 4], hex_digits[c & 15]};

                        if (at + sizeof(escaped) >= size)
                                break;
                        memcpy(ret + at, escaped, sizeof(escaped));
                        at += sizeof(escaped);
                }
        }
        ret[at] = '\0';
}

void escape_append(char *ret, size_t size, const char *text) {
        escape_append_bytes(ret, size, text, strlen(text));
}

void escape(char *ret, size_t size, const char *text) {
        ret[0] = '\0';
        escape_append(ret, size, text);
}
