/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Random modaliases that hit: made of the aliases of a tree. */
#include "random_device.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

static const char hex[] = "0123456789ABCDEF";

/* splitmix64, by Sebastiano Vigna (public domain): see https://prng.di.unimi.it/splitmix64.c */
size_t random_below(struct random *random, size_t limit) {
        uint64_t z = random->state += UINT64_C(0x9e3779b97f4a7c15);

        z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
        z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
        return (size_t)((z ^ (z >> 31)) % limit);
}

static char random_character(struct random *random, const char *characters) {
        return characters[random_below(random, strlen(characters))];
}

/* A string that grows; what does not fit is left out. */
struct text {
        char *characters;
        size_t n;
};

static void add(struct text *text, char character) {
        if (text->n + 1 < DEVICE_SIZE)
                text->characters[text->n++] = character;
}

/* What stands for a `*`: nothing, a field as PCI has them, or any digits. */
static void fill_star(struct random *random, struct text *text) {
        static const size_t lengths[] = {0, 2, 8, 8};
        size_t kind = random_below(random, 5);
        size_t n = kind < 4 ? lengths[kind] : random_below(random, 12);

        while (n-- > 0)
                add(text, random_character(random, hex));
}

/* A character of the set in "[...]", or one that is not in "[!...]". Returns the end of the set. */
static const char *fill_set(struct random *random, struct text *text, const char *set) {
        const char *end = strchr(set, ']');
        bool negated = set[1] == '!' || set[1] == '^';
        const char *first = set + 1 + negated;
        char character = first[random_below(random, (size_t)(end - first))];

        /* Of "0-9" any of the two ends; what lies between comes by changes of characters */
        if (negated || character == '-')
                character = random_character(random, hex);
        add(text, character);
        return end;
}

/* ALIAS without its "vfio_", each wildcard filled in. */
static void fill(struct random *random, struct text *text, const char *alias) {
        if (strncmp(alias, "vfio_", 5) == 0)
                alias += 5;
        for (; *alias; alias++) {
                if (*alias == '*')
                        fill_star(random, text);
                else if (*alias == '?')
                        add(text, random_character(random, hex));
                else if (*alias == '[')
                        alias = fill_set(random, text, alias);
                else
                        add(text, *alias);
        }
}

/* Changes, drops, or doubles one character, or swaps `-` and `_`, or cuts it off there. */
static void mutate(struct random *random, struct text *text) {
        size_t at = random_below(random, text->n);
        char *place = text->characters + at;

        switch (random_below(random, 5)) {
        case 0:
                *place = random_character(random, hex);
                break;
        case 1:
                *place = random_character(random, "abcdisv:_-+.zZ~!");
                break;
        case 2:
                memmove(place, place + 1, text->n - at - 1);
                text->n--;
                break;
        case 3:
                if (text->n + 1 < DEVICE_SIZE) {
                        memmove(place + 1, place, text->n - at);
                        text->n++;
                }
                break;
        default:
                if (*place == '_')
                        *place = '-';
                else if (random_below(random, 4) == 0)
                        text->n = at;
        }
}

static const struct rule *random_rule(struct random *random, const struct plain_tree *tree) {
        size_t i = random_below(random, tree->loadable.n + tree->built_in.n + tree->admin.n);

        if (i < tree->loadable.n)
                return &tree->loadable.list[i];
        i -= tree->loadable.n;
        if (i < tree->built_in.n)
                return &tree->built_in.list[i];
        return &tree->admin.list[i - tree->built_in.n];
}

/* Puts fields of OTHER, "v15B3", in the place of those that begin with the same character. */
static void cross(struct random *random, struct text *text, const char *other) {
        for (size_t i = 0; i + 1 < text->n; i++) {
                const char *field = strchr(other, text->characters[i]);

                if (!islower((unsigned char)text->characters[i]) || !field ||
                    random_below(random, 2))
                        continue;
                while (isxdigit((unsigned char)text->characters[i + 1]) &&
                       !islower((unsigned char)text->characters[i + 1]) && *++field &&
                       i + 2 < text->n)
                        text->characters[++i] = *field;
        }
}

void random_device(struct random *random, const struct plain_tree *tree, char ret[DEVICE_SIZE]) {
        struct text text = {.characters = ret};

        fill(random, &text, random_rule(random, tree)->alias);
        if (random_below(random, 2) && text.n > 0) {
                if (random_below(random, 2)) {
                        char other[DEVICE_SIZE];
                        struct text other_text = {.characters = other};

                        fill(random, &other_text, random_rule(random, tree)->alias);
                        other[other_text.n] = '\0';
                        cross(random, &text, other);
                } else
                        for (size_t n = 1 + random_below(random, 3); n > 0 && text.n > 0; n--)
                                mutate(random, &text);
        }
        ret[text.n] = '\0';
}
