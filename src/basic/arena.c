/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Memory that is taken in small pieces and given back all at once. */
#include "arena.h"

#include <stdbool.h>
#include <stdlib.h>

/* A look-up takes some 40 KiB, for blocks of the index; pages that are not used cost nothing. */
#define CHUNK_SIZE (60 * 1024)

#define ALIGNMENT _Alignof(max_align_t)

struct arena_chunk {
        struct arena_chunk *next;
        size_t size;
        _Alignas(ALIGNMENT) char bytes[];
};

static bool add_chunk(struct arena *arena, size_t size) {
        struct arena_chunk *chunk = malloc(sizeof(*chunk) + size);

        if (!chunk)
                return false;
        chunk->next = arena->chunks;
        chunk->size = size;
        arena->chunks = chunk;
        arena->left = size;
        return true;
}

void *arena_take(struct arena *arena, size_t size) {
        void *piece;

        size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        if (size > arena->left && !add_chunk(arena, size > CHUNK_SIZE ? size : CHUNK_SIZE))
                return NULL;
        piece = arena->chunks->bytes + arena->chunks->size - arena->left;
        arena->left -= size;
        arena->taken += size;
        return piece;
}

void arena_done(struct arena *arena) {
        while (arena->chunks) {
                struct arena_chunk *chunk = arena->chunks;

                arena->chunks = chunk->next;
                free(chunk);
        }
        arena->left = arena->taken = 0;
}
