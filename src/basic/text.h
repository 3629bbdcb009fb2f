/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Strings of bytes: what libc lacks, or does by the locale, which a library does not choose. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define streq(a, b) (strcmp((a), (b)) == 0)

static inline bool startswith(const char *text, const char *prefix) {
        return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* Are the LENGTH bytes at TEXT just WORD? */
static inline bool text_is(const char *text, size_t length, const char *word) {
        return strlen(word) == length && memcmp(text, word, length) == 0;
}

/* isdigit(3) looks into a table of the locale, which costs a process a page fault. */
static inline bool text_is_digit(char c) {
        return c >= '0' && c <= '9';
}

/* Is TEXT digits alone, and at least one? */
static inline bool text_is_number(const char *text) {
        return *text && !text[strspn(text, "0123456789")];
}

static inline bool text_is_alphanumeric(char c) {
        return text_is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline bool text_is_blank(char c) {
        return c == ' ' || c == '\t';
}

/* A character that is seen: no blank, no control character, nothing beyond ASCII. */
static inline bool text_is_graph(char c) {
        return c > ' ' && c <= '~';
}

/* Are all LENGTH bytes of TEXT such characters, and is there at least one? */
static inline bool text_is_word(const char *text, size_t length) {
        for (size_t i = 0; i < length; i++)
                if (!text_is_graph(text[i]))
                        return false;
        return length > 0;
}

/* In kmod, `-` and `_` are one character of the name of a module. */
static inline char text_underscored(char c) {
        return c == '-' ? '_' : c;
}

/* Does TEXT, of LENGTH bytes, begin with NAME, `-` and `_` being one character? */
static inline bool text_begins_with_name(const char *text, size_t length, const char *name) {
        size_t i = 0;

        while (name[i] && i < length && text_underscored(text[i]) == text_underscored(name[i]))
                i++;
        return !name[i];
}

/* The first place of NAME, as above, in TEXT, of LENGTH bytes; or NULL. It begins with a character.
 */
static inline const char *text_find_name(const char *text, size_t length, const char *name) {
        const char *end = text + length;

        for (; (text = memchr(text, name[0], (size_t)(end - text))); text++)
                if (text_begins_with_name(text + 1, (size_t)(end - text) - 1, name + 1))
                        return text;
        return NULL;
}

/* Copies TEXT into RET, of SIZE bytes. Returns its length, or SIZE if it does not fit. */
static inline size_t text_put(char *ret, size_t size, const char *text) {
        size_t n = strlen(text);

        if (n >= size) {
                memcpy(ret, text, size);
                return size;
        }
        memcpy(ret, text, n + 1);
        return n;
}

/* Joins A and B into RET, of SIZE bytes. Returns whether they fit; what is in RET else is not
 * whole. */
static inline bool text_join(char *ret, size_t size, const char *a, const char *b) {
        size_t n = text_put(ret, size, a);

        return n < size && text_put(ret + n, size - n, b) < size - n;
}
