/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of src/index. */
#include "test_index.h"

int main(void) {
        static const struct unit_case cases[] = {
                {"blocks", add_blocks}, {"lines", add_lines}, {"matches", add_matches},
                {"kept", add_kept},     {"trie", add_trie},   {"text_index", add_text_index},
                {"source", add_source}, {"index", add_index}, {},
        };

        return unit_run("index", cases);
}
