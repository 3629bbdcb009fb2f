/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Strings of bytes, without a locale.
 *
 * Each function of libc that a program names costs the dynamic linker some 800 instructions at each
 * start, used or not: more than these loops over strings of some twenty bytes do. What walks whole
 * files still calls memchr(3).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline size_t text_length(const char *text) {
        size_t n = 0;

        while (text[n])
                n++;
        return n;
}

/* RET and TEXT don't overlap. */
static inline void text_copy(char *ret, const char *text, size_t length) {
        for (; length >= 8; length -= 8, ret += 8, text += 8)
                __builtin_memcpy(ret, text, 8);
        for (; length > 0; length--)
                *ret++ = *text++;
}

/* Are the LENGTH bytes at A and B the same? */
static inline bool text_is_same(const char *a, const char *b, size_t length) {
        for (; length >= 8; length -= 8, a += 8, b += 8) {
                uint64_t eight_a, eight_b;

                __builtin_memcpy(&eight_a, a, 8);
                __builtin_memcpy(&eight_b, b, 8);
                if (eight_a != eight_b)
                        return false;
        }
        while (length > 0 && a[length - 1] == b[length - 1])
                length--;
        return length == 0;
}

/* Below 0, 0 or above 0, by byte. */
static inline int text_compare(const char *a, const char *b) {
        for (; *a && *a == *b; a++)
                b++;
        return (unsigned char)*a - (unsigned char)*b;
}

static inline bool text_equal(const char *a, const char *b) {
        return text_compare(a, b) == 0;
}

/* Are the LENGTH bytes at TEXT just WORD? */
static inline bool text_is(const char *text, size_t length, const char *word) {
        size_t i = 0;

        while (i < length && word[i] && text[i] == word[i])
                i++;
        return i == length && !word[i];
}

static inline bool text_starts_with(const char *text, const char *prefix) {
        for (; *prefix; prefix++)
                if (*text++ != *prefix)
                        return false;
        return true;
}

static inline bool text_has(const char *text, char c) {
        for (; *text; text++)
                if (*text == c)
                        return true;
        return false;
}

/* The last part of PATH. */
static inline const char *text_basename(const char *path) {
        const char *name = path;

        for (; *path; path++)
                if (*path == '/')
                        name = path + 1;
        return name;
}

static inline bool text_is_digit(char c) {
        return c >= '0' && c <= '9';
}

/* Is TEXT digits alone, and at least one? */
static inline bool text_is_number(const char *text) {
        size_t n = 0;

        while (text_is_digit(text[n]))
                n++;
        return n > 0 && !text[n];
}

static inline bool text_is_alphanumeric(char c) {
        return text_is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline bool text_is_blank(char c) {
        return c == ' ' || c == '\t';
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

/* In kmod, `-` and `_` are one letter of the name of a module. */
static inline char text_underscored(char c) {
        return c == '-' ? '_' : c;
}

/* Does TEXT, of LENGTH bytes, begin with NAME, `-` and `_` being one letter? */
static inline bool text_begins_with_name(const char *text, size_t length, const char *name) {
        size_t i = 0;

        while (name[i] && i < length && text_underscored(text[i]) == text_underscored(name[i]))
                i++;
        return !name[i];
}

/* The first place of NAME, as above, in TEXT, of LENGTH bytes; or NULL. It begins with a letter. */
static inline const char *text_find_name(const char *text, size_t length, const char *name) {
        const char *end = text + length;

        for (; (text = memchr(text, name[0], (size_t)(end - text))); text++)
                if (text_begins_with_name(text + 1, (size_t)(end - text) - 1, name + 1))
                        return text;
        return NULL;
}

/* Copies TEXT into RET, of SIZE bytes. Returns how many letters, or SIZE where it does not fit. */
static inline size_t text_put(char *ret, size_t size, const char *text) {
        for (size_t n = 0; n < size; n++) {
                ret[n] = text[n];
                if (!text[n])
                        return n;
        }
        return size;
}

/* Joins A and B into RET, of SIZE bytes. Returns whether they fit; what is in RET else is not
 * whole. */
static inline bool text_join(char *ret, size_t size, const char *a, const char *b) {
        size_t n = text_put(ret, size, a);

        return n < size && text_put(ret + n, size - n, b) < size - n;
}
