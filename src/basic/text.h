/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Strings of bytes, without a locale. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static inline bool text_equal(const char *a, const char *b) {
        return strcmp(a, b) == 0;
}

static inline bool text_starts_with(const char *text, const char *prefix) {
        return strncmp(text, prefix, strlen(prefix)) == 0;
}

static inline bool text_is_digit(char c) {
        return c >= '0' && c <= '9';
}

static inline bool text_is_alphanumeric(char c) {
        return text_is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* A letter that is seen: no blank, no control character, nothing beyond ASCII. */
static inline bool text_is_graph(char c) {
        return c > ' ' && c <= '~';
}

/* Are all LENGTH bytes of TEXT such letters, and is there at least one? */
static inline bool text_is_word(const char *text, size_t length) {
        for (size_t i = 0; i < length; i++)
                if (!text_is_graph(text[i]))
                        return false;
        return length > 0;
}

/* Joins A and B into RET, of SIZE bytes. Returns false, and leaves RET alone, where they don't fit. */
static inline bool text_join(char *ret, size_t size, const char *a, const char *b) {
        size_t n_a = strlen(a), n_b = strlen(b);

        if (n_a + n_b >= size)
                return false;
        memcpy(ret, a, n_a);
        memcpy(ret + n_a, b, n_b + 1);
        return true;
}
