/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Fuzzes the alias matcher against fnmatch(3), and what is counted of an alias. The input: a
 * modalias, a newline, an alias.
 */
#include <fnmatch.h>
#include <string.h>

#include "alias.h"
#include "fuzz.h"
#include "input.h"

/* What kind of alias it is, as far as fnmatch(3) and alias.h are of different opinions. */
enum kind {
        KIND_PLAIN,      /* they agree */
        KIND_UNFINISHED, /* a `[` without its `]`: fnmatch(3) takes it as a character */
        KIND_CLASS,      /* `[:alpha:]`, `[.x.]`, `[=x=]`: no alias has them, and depmod no code */
};

/* Finds the `]` of the `[` that TEXT begins with; NULL: it has none. */
static const char *find_set_end(const char *text, bool *ret_class) {
        const char *at = text + 1;

        if (*at == '!' || *at == '^')
                at++;
        for (const char *first = at; *at && (*at != ']' || at == first); at++) {
                if (*at == '\\' && at[1])
                        at++;
                else if (*at == '[' && at[1] && strchr(":.=", at[1]))
                        *ret_class = true;
        }
        return *at ? at : NULL;
}

static enum kind alias_kind(const char *alias) {
        bool class = false;

        for (; *alias; alias++) {
                if (*alias == '\\' && alias[1])
                        alias++;
                else if (*alias == '[') {
                        alias = find_set_end(alias, &class);
                        if (!alias)
                                return class ? KIND_CLASS : KIND_UNFINISHED;
                }
        }
        return class ? KIND_CLASS : KIND_PLAIN;
}

static bool is_ascii(const char *text) {
        for (; *text; text++)
                if ((unsigned char)*text > 0x7f)
                        return false;
        return true;
}

static void check_match(const char *alias, const struct modalias *key) {
        bool match = alias_match(alias, key);

        if (!is_ascii(alias))
                return;
        switch (alias_kind(alias)) {
        case KIND_PLAIN:
                must(match == (fnmatch(alias, key->key, 0) == 0));
                break;
        case KIND_UNFINISHED:
                must(!match);
                break;
        case KIND_CLASS:
                break;
        }
}

/* What matches a key matches the begin of it. */
static void check_begin(const char *alias, const struct modalias *key) {
        struct modalias begin;

        modalias_bus_prefix(key, &begin);
        must(!alias_match(alias, key) || alias_match(alias, &begin));
}

static void check_weight(const char *alias) {
        uint16_t wildcards, literals;
        size_t length = strlen(alias), n_stars = 0;

        alias_count(alias, &wildcards, &literals);
        must((size_t)wildcards + literals <= length);
        if (strpbrk(alias, "[\\"))
                return;
        for (size_t i = 0; alias[i]; i++)
                n_stars += alias[i] == '*' || alias[i] == '?';
        must(literals == length - n_stars);
        if (length >= 2 && alias[length - 1] == '*' &&
            strchr("0123456789ABCDEF", alias[length - 2]))
                n_stars--; /* modpost's own */
        must(wildcards == n_stars);
}

static void check_normalised(const char *alias) {
        size_t length = strlen(alias);
        char *once = malloc(length + 1), *twice = malloc(length + 1);

        must(once && twice);
        alias_normalise(alias, length, once);
        must(strlen(once) == length);
        for (size_t i = 0; i < length; i++)
                must(once[i] == alias[i] || (once[i] == '_' && alias[i] == '-'));
        if (!strchr(alias, '['))
                must(!strchr(once, '-'));
        alias_normalise(once, length, twice);
        must(strcmp(once, twice) == 0);
        free(once);
        free(twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
        struct input input = {bytes, size};
        char *modalias = input_take_line(&input), *alias = input_take_line(&input);
        struct modalias key;

        if (strlen(alias) < ALIAS_SIZE) {
                check_weight(alias);
                check_normalised(alias);
                if (modalias_parse(modalias, &key) == 0) {
                        check_match(alias, &key);
                        check_begin(alias, &key);
                }
        }
        free(modalias);
        free(alias);
        return 0;
}
