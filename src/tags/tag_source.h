/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which hwdb file tags a device: the compiled database does not contain that. */
#pragma once

#include "hwdb_text.h"
#include "tag_key.h"

/* A match line, and where it is. Valid until tag_source_fn returns. */
struct tag_source {
        const char *directory, *name;
        unsigned line;
        const struct hwdb_text *match, *value; /* VALUE is NULL if none was asked for */
};

typedef int (*tag_source_fn)(const struct tag_source *source, void *userdata);

/*
 * Calls ON_SOURCE for each record of the system's hwdb files that has a match line for one of
 * LOOKUPS and that sets PROPERTY (TAG_BIND other than to 0), until it returns other than 0, which
 * is returned. A file that cannot be read is ignored, as by systemd-hwdb. Returns 0 or -ENOMEM.
 */
int tag_source_each(const struct tag_lookups *lookups, const char *property,
                    tag_source_fn on_source, void *userdata);

/* The same for each match line that begins with TAG_KEY. */
int tag_source_each_key(tag_source_fn on_source, void *userdata);
