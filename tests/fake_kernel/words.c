/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A line of a description, parted at blanks. */
#include "words.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "memory.h"

#define BLANKS     " \t\r\n"
#define NUMBER_MAX 100000000

static int hex_value(char c) {
        if (c >= '0' && c <= '9')
                return c - '0';
        return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* "\xHH", in place: it only gets shorter. */
static void unescape(char *text) {
        char *to = text;

        for (; *text; text++)
                if (text[0] == '\\' && text[1] == 'x' && hex_value(text[2]) >= 0 &&
                    hex_value(text[3]) >= 0) {
                        *to++ = (char)(hex_value(text[2]) << 4 | hex_value(text[3]));
                        text += 3;
                } else
                        *to++ = *text;
        *to = '\0';
}

char *words_escape(const char *text) {
        char *escaped = memory_new(4 * strlen(text) + 1), *to = escaped;

        for (; *text; text++)
                if (*text > ' ' && *text <= '~' && *text != '\\')
                        *to++ = *text;
                else
                        to += snprintf(to, sizeof("\\xHH"), "\\x%02x", (unsigned char)*text);
        return escaped;
}

struct words words_of(const char *line) {
        struct words words = {0};
        char *rest = memory_text(line), *word;

        while (words.n < WORDS_MAX && (word = strsep(&rest, BLANKS)) && *word != '#')
                if (*word) {
                        unescape(word);
                        words.word[words.n++] = word;
                }
        return words;
}

const char *words_value(const struct words *words, const char *key) {
        size_t length = strlen(key);
        const char *value = NULL;

        for (int i = 0; i < words->n; i++)
                if (strncmp(words->word[i], key, length) == 0 && words->word[i][length] == '=')
                        value = words->word[i] + length + 1;
        return value;
}

bool words_have(const struct words *words, const char *flag) {
        for (int i = 0; i < words->n; i++)
                if (strcmp(words->word[i], flag) == 0)
                        return true;
        return false;
}

struct words words_join(const struct words *a, const struct words *b, int first) {
        struct words words = *a;

        for (int i = first; i < b->n && words.n < WORDS_MAX; i++)
                words.word[words.n++] = b->word[i];
        return words;
}

long words_number(const char *text) {
        long number = 0;

        if (!text || !*text)
                return -1;
        for (; *text; text++) {
                if (*text < '0' || *text > '9' || number > NUMBER_MAX)
                        return -1;
                number = number * 10 + *text - '0';
        }
        return number;
}
