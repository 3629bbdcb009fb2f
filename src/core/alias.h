/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Matches an alias (a glob: `*`, `?`, `[...]`, `\`) against the key of a device. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "modalias.h"

/* The longest alias that is read. modpost's own buffer for an alias had 500 bytes. */
#define ALIAS_SIZE 1024

/* The characters that have a special meaning outside of `[...]`. */
#define ALIAS_SPECIAL "*?[\\"

/*
 * Does ALIAS match KEY? A `[` that is not closed matches nothing (depmod rejects such an alias). If
 * KEY is a prefix: may ALIAS match any key with this prefix?
 */
bool alias_match(const char *alias, const struct modalias *key);

/*
 * Counts the wildcards of ALIAS (`*`, `?` and `[...]`, one each) and its literal characters, for
 * the rank. modpost appends `*` to an alias that ends in a hexadecimal digit. This `*` is not
 * counted. It can be recognised because modpost writes digits in upper case and the names of fields
 * in lower case: `...i00*` has it, `...i*` and CDX's `...c*` do not. Source: add_wildcard() in
 * scripts/mod/file2alias.c of the kernel.
 */
void alias_count(const char *alias, uint16_t *ret_wildcards, uint16_t *ret_literals);

/*
 * Copies ALIAS into RET as depmod writes it into the index: `-` becomes `_`, except within `[...]`.
 */
void alias_normalise(const char *alias, size_t length, char *ret);
