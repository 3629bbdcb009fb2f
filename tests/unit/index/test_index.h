/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the unit tests of src/index share, and those that are in files of their own. */
#pragma once

#include "modalias.h"
#include "unit.h"

/* The key of this modalias. */
struct modalias parsed(const char *modalias);

void add_blocks(TCase *tcase);
void add_lines(TCase *tcase);
void add_matches(TCase *tcase);

void add_trie(TCase *tcase);
void add_trie_open(TCase *tcase);
void add_trie_damage(TCase *tcase);
void add_trie_bounds(TCase *tcase);
void add_node(TCase *tcase);

void add_text_index(TCase *tcase);
void add_source(TCase *tcase);
