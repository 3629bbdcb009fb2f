/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Matches an alias (a glob) against the key of a device. */
#include "alias.h"

#include <string.h>

#include "text.h"

/* Does a `[...]` with CONTENT, of LENGTH characters, match C? As fnmatch(3) in the C locale. */
static bool set_matches(const char *content, size_t length, char c) {
        bool negated = length > 0 && (content[0] == '!' || content[0] == '^');
        bool found = false;
        size_t i = negated;

        while (i < length) {
                char low, high;

                if (content[i] == '\\' && i + 1 < length)
                        i++;
                low = high = content[i++];
                if (i + 1 < length && content[i] == '-') {
                        i++;
                        if (content[i] == '\\' && i + 1 < length)
                                i++;
                        high = content[i++];
                }
                found = found || (low <= c && c <= high);
        }
        return found != negated;
}

/* The length of the `[...]` at the begin of TEXT; 1 if it is not closed. */
static size_t set_length(const char *text) {
        size_t n = 1;

        if (text[n] == '!' || text[n] == '^')
                n++;
        if (text[n] == ']')
                n++;
        for (; text[n]; n++) {
                if (text[n] == '\\' && text[n + 1])
                        n++;
                else if (text[n] == ']')
                        return n + 1;
        }
        return 1;
}

/*
 * The number of characters at the begin of ALIAS that match C: one, all of a `[...]`, or a `\` and
 * the character that it escapes. 0 if they do not match.
 */
static size_t match_one(const char *alias, char c) {
        size_t n;

        switch (alias[0]) {
        case '?':
                return 1;
        case '[':
                n = set_length(alias);
                return n > 1 && set_matches(alias + 1, n - 2, c) ? n : 0;
        case '\\':
                return alias[1] == c ? 2 : 0;
        default:
                return alias[0] == c;
        }
}

/*
 * Only the last `*` is retried with more characters: an earlier `*` that takes more leaves fewer
 * characters for the same rest. The time is thus bounded by the length of the alias times that of
 * the key. fnmatch(3) tries all combinations, and reads the locale.
 */
bool alias_match(const char *alias, const struct modalias *key) {
        const char *text = key->key, *after_star = NULL, *retry = NULL;

        while (*text) {
                size_t n = match_one(alias, *text);

                if (*alias == '*') {
                        after_star = ++alias;
                        retry = text;
                } else if (n > 0) {
                        alias += n;
                        text++;
                } else if (after_star) {
                        alias = after_star;
                        text = ++retry;
                } else
                        return false;
        }
        while (*alias == '*')
                alias++;
        return key->is_prefix || !*alias;
}

static bool is_upper_hex_digit(char c) {
        return text_is_digit(c) || (c >= 'A' && c <= 'F');
}

/* Did modpost, and not the author of the alias, write the `*` at ALIAS[AT]? */
static bool is_closing_star(const char *alias, size_t at) {
        return !alias[at + 1] && at > 0 && is_upper_hex_digit(alias[at - 1]);
}

void alias_count(const char *alias, uint16_t *ret_wildcards, uint16_t *ret_literals) {
        uint16_t wildcards = 0, literals = 0;
        size_t n;

        for (size_t i = 0; alias[i]; i += n) {
                bool is_escape = alias[i] == '\\' && alias[i + 1];

                n = is_escape ? 2 : alias[i] == '[' ? set_length(alias + i) : 1;
                if (alias[i] == '?' || (alias[i] == '[' && n > 1) ||
                    (alias[i] == '*' && !is_closing_star(alias, i)))
                        wildcards++;
                else if (alias[i] != '*')
                        literals++;
        }
        *ret_wildcards = wildcards;
        *ret_literals = literals;
}

void alias_normalise(const char *alias, size_t length, char *ret) {
        bool in_set = false;

        for (size_t i = 0; i < length; i++) {
                if (alias[i] == '[' || alias[i] == ']')
                        in_set = alias[i] == '[';
                ret[i] = alias[i] == '-' && !in_set ? '_' : alias[i];
        }
        ret[length] = '\0';
}
