/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Memory that is taken in pieces and released all at once. */
#pragma once

#include <stddef.h>

struct arena_chunk;

/* Zero-initialised: empty. */
struct arena {
        struct arena_chunk *chunks; /* the newest one first */
        size_t left;                /* bytes in the newest chunk */
};

/*
 * SIZE bytes, aligned for any object, and all zero unless the arena was rewound; NULL if there is
 * no memory left.
 */
void *arena_take(struct arena *arena, size_t size);

/* A copy of the string TEXT; NULL if there is no memory left. */
const char *arena_text(struct arena *arena, const char *text);

/* Has all of it taken again, and keeps the newest chunk with what is in it. */
void arena_rewind(struct arena *arena);

/* Releases all of it. The arena is empty again. */
void arena_done(struct arena *arena);
