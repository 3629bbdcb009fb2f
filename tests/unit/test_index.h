/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The unit tests of src/index, which are in files of their own. */
#pragma once

#include "unit.h"

void add_blocks(TCase *tcase);
void add_lines(TCase *tcase);
void add_matches(TCase *tcase);

void add_kept(TCase *tcase);

void add_trie(TCase *tcase);

void add_text_index(TCase *tcase);
void add_source(TCase *tcase);
void add_index(TCase *tcase);
