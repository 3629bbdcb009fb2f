/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An arena: memory that is allocated in pieces and released all at once. */
#pragma once

#include <stddef.h>

struct arena_chunk;

/* Zero-initialised: empty. */
struct arena {
        struct arena_chunk *chunks; /* the newest one first */
        size_t left;                /* bytes in the newest chunk */
};

/*
 * Allocates SIZE bytes, aligned for any object. They are zero unless the arena was rewound. Returns
 * NULL if there is no memory left.
 */
void *arena_take(struct arena *arena, size_t size);

/* Returns a copy of the string TEXT, or NULL if there is no memory left. */
const char *arena_text(struct arena *arena, const char *text);

/* Makes all memory of the arena available again. The newest chunk is kept, and is not zeroed. */
void arena_rewind(struct arena *arena);

/* Releases all memory. The arena is empty again. */
void arena_done(struct arena *arena);
