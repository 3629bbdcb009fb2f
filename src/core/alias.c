/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Match of an alias (a glob) against the key of a device. */
#include "alias.h"

#include <ctype.h>
#include <string.h>

#define BIT(n) (UINT64_C(1) << ((n) % 64))

void alias_begin(const struct modalias *key, struct alias_matcher *ret) {
        for (size_t i = 0; i < key->n_words; i++)
                ret->reached[i] = 0;
        ret->reached[0] = 1;
        ret->in_set = false;
        ret->escaped = false;
}

/* `*`: every place from the first one on. */
static void take_star(struct alias_matcher *matcher, const struct modalias *key) {
        uint64_t *reached = matcher->reached;
        size_t i = 0;

        while (i < key->n_words && !reached[i])
                i++;
        if (i == key->n_words)
                return;
        reached[i] |= -(reached[i] & -reached[i]);
        while (++i < key->n_words)
                reached[i] = UINT64_MAX;
        if (key->length % 64 != 63)
                reached[key->n_words - 1] &= BIT(key->length + 1) - 1;
}

/* Is C in the content of a `[...]`, LENGTH letters? As fnmatch(3) reads it in the C locale. */
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

/* Any letter of which `[...]` with this CONTENT, or `?` (NULL), may be. */
static bool take_any(struct alias_matcher *matcher, const struct modalias *key, const char *content,
                     size_t length) {
        uint64_t fitting[MODALIAS_WORDS] = {};

        for (size_t i = 0; i < key->length; i++)
                if (!content || set_matches(content, length, key->key[i]))
                        fitting[i / 64] |= BIT(i);
        return alias_step(matcher, key, fitting, 1);
}

/* Does the letter ALIAS[AT] end the set that is open? A `]` that comes first in it does not. */
static bool ends_set(const struct alias_matcher *matcher, const char *alias, size_t at) {
        size_t first = matcher->set_start;

        if (alias[at] != ']')
                return false;
        if (alias[first] == '!' || alias[first] == '^')
                first++;
        return at > first;
}

static bool take_in_set(struct alias_matcher *matcher, const struct modalias *key,
                        const char *alias, size_t at) {
        if (matcher->escaped) {
                matcher->escaped = false;
                return true;
        }
        if (alias[at] == '\\') {
                matcher->escaped = true;
                return true;
        }
        if (!ends_set(matcher, alias, at))
                return true;
        matcher->in_set = false;
        return take_any(matcher, key, alias + matcher->set_start, at - matcher->set_start);
}

/* Where the key ends, which is but a begin, any letter may follow. */
static bool is_beyond(const struct alias_matcher *matcher, const struct modalias *key) {
        return key->is_begin && alias_is_match(matcher, key);
}

static bool take_letter(struct alias_matcher *matcher, const struct modalias *key, char letter) {
        return (unsigned char)letter < MODALIAS_N_LETTERS &&
               alias_step(matcher, key, &key->places[0][(unsigned char)letter], MODALIAS_N_LETTERS);
}

bool alias_take_glob(struct alias_matcher *matcher, const struct modalias *key, const char *alias,
                     size_t at) {
        if (is_beyond(matcher, key))
                return true;
        if (matcher->in_set)
                return take_in_set(matcher, key, alias, at);
        if (matcher->escaped) {
                matcher->escaped = false;
                return take_letter(matcher, key, alias[at]);
        }
        switch (alias[at]) {
        case '*':
                take_star(matcher, key);
                return true;
        case '?':
                return take_any(matcher, key, NULL, 0);
        case '[':
                matcher->in_set = true;
                matcher->set_start = (uint16_t)(at + 1);
                return true;
        case '\\':
                matcher->escaped = true;
                return true;
        default:
                return take_letter(matcher, key, alias[at]);
        }
}

bool alias_is_match(const struct alias_matcher *matcher, const struct modalias *key) {
        return !matcher->in_set && !matcher->escaped &&
               (matcher->reached[key->length / 64] & BIT(key->length));
}

static void letters_add(uint64_t letters[2], char c) {
        letters[(unsigned char)c / 64 % 2] |= BIT((unsigned char)c);
}

void alias_next(const struct alias_matcher *matcher, const struct modalias *key, uint64_t next[2]) {
        if (matcher->in_set || is_beyond(matcher, key)) {
                next[0] = next[1] = UINT64_MAX;
                return;
        }
        for (size_t i = 0; i < key->n_words; i++)
                for (uint64_t bits = matcher->reached[i]; bits; bits &= bits - 1) {
                        size_t place = i * 64 + (size_t)__builtin_ctzll(bits);

                        if (place < key->length)
                                letters_add(next, key->key[place]);
                }
        letters_add(next, '*');
        letters_add(next, '?');
        letters_add(next, '[');
        letters_add(next, '\\');
}

size_t alias_head(const char *alias) {
        size_t n = 0;

        while (alias[n] && !strchr("*?[\\", alias[n]))
                n++;
        return n;
}

bool alias_match_behind(const char *alias, size_t head, const struct modalias *key) {
        struct alias_matcher matcher;

        alias_begin(key, &matcher);
        matcher.reached[0] = 0;
        matcher.reached[head / 64] = BIT(head);
        for (size_t i = head; alias[i]; i++)
                if (i >= ALIAS_SIZE || !alias_take(&matcher, key, alias, i))
                        return false;
        return alias_is_match(&matcher, key);
}

bool alias_match(const char *alias, const struct modalias *key) {
        return alias_match_behind(alias, 0, key);
}

/* The length of the `[...]` that begins TEXT; 1 where it never ends, and is then a letter. */
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

static bool is_upper_hex_digit(char c) {
        return isdigit((unsigned char)c) || (c >= 'A' && c <= 'F');
}

/* Is the `*` at ALIAS[AT] modpost's, and not the author's? */
static bool is_closing_star(const char *alias, size_t at) {
        return !alias[at + 1] && at > 0 && is_upper_hex_digit(alias[at - 1]);
}

void alias_weigh(const char *alias, uint16_t *ret_wildcards, uint16_t *ret_literals) {
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
