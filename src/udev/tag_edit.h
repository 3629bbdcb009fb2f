/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One tag more, or less, in the text of a hwdb file. Only records that are in all what is written
 * here are changed: a comment, a record with another property or a second match line is a person's.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "tag_text.h"

struct tag {
        const char *match; /* "vfio-variant:0000:3b:00.1:pci:v000015B3d0000101E*" */
        bool force;
        const char *pin; /* NULL: none */
};

/*
 * *ret: OLD with TAG, which takes the place of one with the same match key; a new file begins with
 * a few lines on what it is. Returns 1; 0 where OLD has it already, *ret is OLD then; -EINVAL where
 * the match key or the pin can't stand in a hwdb file; -ENOMEM.
 */
int tag_edit_set(const struct tag_text *old, const struct tag *tag, struct arena *arena,
                 struct tag_text *ret);

/*
 * *ret: OLD without the tags whose match key is MATCH, or with IS_PREFIX begins with it; empty
 * where nothing is left but the lines on what it is. ON_REMOVED is called for each. Returns how
 * many, or -ENOMEM.
 */
int tag_edit_remove(const struct tag_text *old, const char *match, bool is_prefix,
                    void (*on_removed)(const struct tag_record *record, void *userdata),
                    void *userdata, struct arena *arena, struct tag_text *ret);

/* Can MATCH be a match key? Printable ASCII, no blank, and no # which begins a comment. */
bool tag_match_is_valid(const char *match);
