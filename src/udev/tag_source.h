/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which hwdb file tags a device: the compiled database doesn't say. */
#pragma once

#include "tag_text.h"

/* A record that sets a property of ours, and where it stands. All belong to the caller of
 * tag_source_fn. */
struct tag_source {
        const char *folder, *name;
        unsigned line;
        const struct tag_text *match, *value;
};

typedef int (*tag_source_fn)(const struct tag_source *source, void *userdata);

/*
 * Calls ON_SOURCE for each record of the system's hwdb files that has a match line which STRINGS
 * (they end in NULL) match and that sets PROPERTY as tag_record_sets() has it, until it returns
 * other than 0, which is returned. What can't be read is passed over, as systemd-hwdb does. Returns
 * 0 where there is none, or -ENOMEM.
 */
int tag_source_each(const char *const *strings, const char *property, tag_source_fn on_source,
                    void *userdata);
