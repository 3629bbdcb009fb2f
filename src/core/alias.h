/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Match of an alias (a glob: `*`, `?`, `[...]`, `\`) against the key of a device. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "modalias.h"

/* The longest alias that can be looked at; modpost's own buffer for one had 500 bytes. */
#define ALIAS_SIZE 1024

/* The characters that do not mean themselves, outside of `[...]`. */
#define ALIAS_SPECIAL "*?[\\"

/*
 * Does ALIAS match KEY? A `[` without its `]` matches nothing (depmod refuses such an alias). Of a
 * key that is but a begin: may it match any key that begins so?
 */
bool alias_match(const char *alias, const struct modalias *key);

/*
 * What the rank counts: the wildcards of ALIAS (`*`, `?` and `[...]` one each), and its literal
 * characters. The `*` that modpost puts after an alias that ends in a hex digit is no wildcard of
 * the alias's author, and not counted: modpost writes digits in upper case and the names of fields
 * in lower case, which tells `...i00*` from `...i*`, and CDX's `...c*` from both. Source:
 * add_wildcard() in the kernel's scripts/mod/file2alias.c.
 */
void alias_weigh(const char *alias, uint16_t *ret_wildcards, uint16_t *ret_literals);

/* Copies ALIAS as depmod spells it in the index, `-` as `_` outside of `[...]`, into RET. */
void alias_normalise(const char *alias, size_t length, char *ret);
