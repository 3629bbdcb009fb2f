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

/* SIZE bytes, all zero and aligned for any object; NULL where memory is short. */
void *arena_take(struct arena *arena, size_t size);

/* Gives all of it back; the arena is empty again. */
void arena_done(struct arena *arena);
