/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Match of an alias (a glob: `*`, `?`, `[...]`, `\`) against the key of a device.
 *
 * The matcher takes the alias one letter at a time and keeps the set of all places in the key that
 * the letters so far can have come to. So the same code matches one alias and walks a trie of all
 * of them, where a branch ends as soon as its set is empty; and no alias makes it slow, since
 * nothing is ever tried twice.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "modalias.h"

/* The longest alias that can be looked at; modpost's own buffer for one had 500 bytes. */
#define ALIAS_SIZE 1024

struct alias_matcher {
        uint64_t reached[MODALIAS_WORDS]; /* bit N: the letters so far can have consumed N of the
                                             key */
        uint16_t set_start; /* inside `[...]`: where its content begins in the alias */
        bool in_set;
        bool escaped; /* the last letter was a `\` */
};

/* Begins an alias against KEY. */
void alias_begin(const struct modalias *key, struct alias_matcher *ret);

/*
 * One letter of the key further, from the places reached that are in FITTING (one word of it for
 * each word of the key, STRIDE apart). Returns whether any place is left.
 */
static inline bool alias_step(struct alias_matcher *matcher, const struct modalias *key,
                              const uint64_t *fitting, size_t stride) {
        uint64_t carry = 0, any = 0;

        for (size_t i = 0; i < key->n_words; i++) {
                uint64_t fits = matcher->reached[i] & fitting[i * stride];

                matcher->reached[i] = fits << 1 | carry;
                carry = fits >> 63;
                any |= fits;
        }
        return any;
}

/* alias_take() of a letter that means something in a glob, or stands in a `[...]`; or where KEY is
 * but a begin. */
bool alias_take_glob(struct alias_matcher *matcher, const struct modalias *key, const char *alias,
                     size_t at);

/*
 * Takes letter ALIAS[AT] of an alias, the ones before it having been taken. Returns whether the
 * alias can still match: no more letters need be taken where it can't.
 */
static inline bool alias_take(struct alias_matcher *matcher, const struct modalias *key,
                              const char *alias, size_t at) {
        unsigned char c = (unsigned char)alias[at];

        if (matcher->in_set || matcher->escaped || key->is_begin || c == '*' || c == '?' ||
            c == '[' || c == '\\')
                return alias_take_glob(matcher, key, alias, at);
        return c < MODALIAS_N_LETTERS &&
               alias_step(matcher, key, &key->places[0][c], MODALIAS_N_LETTERS);
}

/* Does the alias match, if it ends here? Of a key that is but a begin: whatever follows here. */
bool alias_is_match(const struct alias_matcher *matcher, const struct modalias *key);

/*
 * Adds to NEXT the letters that can come next, as bits (letters are ASCII): what stands in the key
 * at the places reached, and the letters of a glob.
 */
void alias_next(const struct alias_matcher *matcher, const struct modalias *key, uint64_t next[2]);

/* Does ALIAS match KEY? A `[` without its `]` matches nothing (depmod refuses such an alias). */
bool alias_match(const char *alias, const struct modalias *key);

/* How many letters ALIAS begins with that mean themselves. */
size_t alias_head(const char *alias);

/* The same of an ALIAS whose head, of HEAD letters, KEY begins with. */
bool alias_match_behind(const char *alias, size_t head, const struct modalias *key);

/*
 * What the rank counts: the wildcards of ALIAS (`*`, `?` and `[...]` one each), and its literal
 * letters. The `*` that modpost puts behind an alias that ends in a hex digit is no wildcard of the
 * alias's author, and not counted: modpost writes digits in upper case and the names of fields in
 * lower case, which tells `...i00*` from `...i*`, and CDX's `...c*` from both.
 * Source: add_wildcard() in the kernel's scripts/mod/file2alias.c.
 */
void alias_weigh(const char *alias, uint16_t *ret_wildcards, uint16_t *ret_literals);

/* Copies ALIAS as depmod spells it in the index, `-` as `_` outside of `[...]`, into RET. */
void alias_normalise(const char *alias, size_t length, char *ret);
