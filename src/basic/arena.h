/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Memory that is taken in small pieces and given back all at once. */
#pragma once

#include <stddef.h>

struct arena_chunk;

/* Zero-initialised: empty. */
struct arena {
        struct arena_chunk *chunks;
        size_t left;  /* bytes in the newest chunk */
        size_t taken; /* bytes in all */
};

/*
 * SIZE bytes, aligned for any object, and all zero unless the arena was rewound; NULL where memory
 * is short.
 */
void *arena_take(struct arena *arena, size_t size);

/* A copy of the string TEXT; NULL where memory is short. */
const char *arena_text(struct arena *arena, const char *text);

/* Lets all of it be taken again, but keeps the newest chunk, and what is in it. */
void arena_rewind(struct arena *arena);

/* Gives all of it back; the arena is empty again. */
void arena_done(struct arena *arena);
