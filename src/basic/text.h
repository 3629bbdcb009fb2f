/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Strings of bytes: what libc lacks, or does depending on the locale, which a library must not rely
 * on.
 */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define streq(a, b) (strcmp((a), (b)) == 0)

static inline bool startswith(const char *text, const char *prefix) {
        return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* Does TEXT end with SUFFIX, and is it longer? */
static inline bool text_has_suffix(const char *text, const char *suffix) {
        size_t n = strlen(text), n_suffix = strlen(suffix);

        return n > n_suffix && streq(text + n - n_suffix, suffix);
}

/* Are the LENGTH bytes at TEXT equal to WORD? */
static inline bool text_is(const char *text, size_t length, const char *word) {
        return strlen(word) == length && memcmp(text, word, length) == 0;
}

/* isdigit(3) reads a table of the locale, which costs a page fault. */
static inline bool text_is_digit(char c) {
        return c >= '0' && c <= '9';
}

/* Does TEXT consist of digits only, at least one? */
static inline bool text_is_number(const char *text) {
        return *text && !text[strspn(text, "0123456789")];
}

/* The value of the digit C, which may be hexadecimal; UINT_MAX if it is not a digit. */
static inline unsigned text_digit_value(char c) {
        if (text_is_digit(c))
                return (unsigned)(c - '0');
        c |= 0x20; /* lower case */
        return c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10 : UINT_MAX;
}

/*
 * Returns the number at *AT, whose digits are of BASE, and moves *AT past it; 0 if there is no
 * digit, UINT_MAX if the number is larger. strtoul(3) accepts spaces and a sign as well.
 */
static inline unsigned text_take_number(const char **at, unsigned base) {
        unsigned n = 0, digit;

        for (; (digit = text_digit_value(**at)) < base; (*at)++)
                n = n > (UINT_MAX - digit) / base ? UINT_MAX : n * base + digit;
        return n;
}

static inline bool text_is_alphanumeric(char c) {
        return text_is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline bool text_is_blank(char c) {
        return c == ' ' || c == '\t';
}

/* Is C a printable ASCII character other than space? */
static inline bool text_is_graph(char c) {
        return c > ' ' && c <= '~';
}

/* Are all LENGTH bytes of TEXT such characters, and is LENGTH not 0? */
static inline bool text_is_word(const char *text, size_t length) {
        for (size_t i = 0; i < length; i++)
                if (!text_is_graph(text[i]))
                        return false;
        return length > 0;
}

/*
 * *ret: the next word, between blanks, of the LENGTH bytes at TEXT, which are moved past it.
 * Returns the length of the word, 0 if there is none.
 */
static inline size_t text_next_word(const char **text, size_t *length, const char **ret) {
        size_t begin = 0, end;

        while (begin < *length && text_is_blank((*text)[begin]))
                begin++;
        for (end = begin; end < *length && !text_is_blank((*text)[end]);)
                end++;
        *ret = *text + begin;
        *text += end;
        *length -= end;
        return end - begin;
}

/* kmod takes `-` and `_` in the name of a module as the same character. */
static inline char text_underscored(char c) {
        return c == '-' ? '_' : c;
}

/* Does TEXT, of LENGTH bytes, begin with NAME? `-` and `_` are the same character. */
static inline bool text_begins_with_name(const char *text, size_t length, const char *name) {
        size_t i = 0;

        while (name[i] && i < length && text_underscored(text[i]) == text_underscored(name[i]))
                i++;
        return !name[i];
}

/*
 * Returns the first occurrence of NAME in TEXT, of LENGTH bytes, or NULL. `-` and `_` are the same
 * character. NAME begins with neither.
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
        const char *end = memccpy(ret, text, '\0', size);

        return end ? (size_t)(end - ret) - 1 : size;
}

/*
 * Concatenates A and B into RET, of SIZE bytes. Returns false if they do not fit; RET is truncated
 * then.
 */
static inline bool text_join(char *ret, size_t size, const char *a, const char *b) {
        size_t n = text_put(ret, size, a);

        return n < size && text_put(ret + n, size - n, b) < size - n;
}
