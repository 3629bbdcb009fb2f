/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds the hwdb file that tags a device, which the compiled database does not contain. */
#pragma once

#include "hwdb_text.h"
#include "property.h"
#include "tag_key.h"

/* A match line, and where it is. Valid until tag_source_fn returns. */
struct tag_source {
        const char *directory, *name;
        unsigned line;
        const char *match;
        const struct hwdb_text *value; /* NULL if no property was searched for */
};

typedef int (*tag_source_fn)(const struct tag_source *source, void *userdata);

/*
 * Calls ON_SOURCE for each record in the hwdb files that has a match line for one of LOOKUPS and
 * sets PROPERTY (PROPERTY_BIND other than to 0). A file that cannot be read is ignored, as by
 * systemd-hwdb. Returns 0, the first non-zero value of ON_SOURCE, or -ENOMEM.
 */
int tag_source_each(const struct tag_lookups *lookups, enum property property,
                    tag_source_fn on_source, void *userdata);

/* As tag_source_each(), for each match line that begins with TAG_KEY. */
int tag_source_each_key(tag_source_fn on_source, void *userdata);
