/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A line of a description, parted at blanks: words, and among them KEY=VALUE. */
#pragma once

#include <stdbool.h>

#define WORDS_MAX 64

struct words {
        int n;
        char *word[WORDS_MAX];
};

/*
 * The words of LINE; "#" where a word begins ends it. "\xHH" in one stands for that byte. What is
 * beyond WORDS_MAX is dropped. To be kept: never freed.
 */
struct words words_of(const char *line);

/* The value of KEY, the last one of several; NULL where there is none. */
const char *words_value(const struct words *words, const char *key);

/* Is there the word FLAG? */
bool words_have(const struct words *words, const char *flag);

/* The words of A and those of B from FIRST on. */
struct words words_join(const struct words *a, const struct words *b, int first);

/* TEXT as one word, to be freed: what is not a visible character as "\xHH". */
char *words_escape(const char *text);

/* The number that TEXT is, or -1 where it is none. */
long words_number(const char *text);
