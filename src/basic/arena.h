/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Memory that is taken in pieces and released all at once. */
#pragma once

#include <stddef.h>

struct arena_piece;

/* Zero-initialised: empty. */
struct arena {
        struct arena_piece *pieces; /* the newest one first */
};

/* SIZE bytes, aligned for any object, and all zero; NULL if there is no memory left. */
void *arena_take(struct arena *arena, size_t size);

/* A copy of the string TEXT; NULL if there is no memory left. */
const char *arena_text(struct arena *arena, const char *text);

/* Releases all of it. The arena is empty again. */
void arena_done(struct arena *arena);
