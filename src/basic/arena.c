/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * An arena: memory that is allocated in pieces and released all at once.
 *
 * Chunks are mapped and do not come from malloc(3). Mapped pages are zero without being written to.
 * The helper needs no other memory: without a heap it has four page faults less.
 */
#include "arena.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#ifdef SANITIZED
/* Each piece is a calloc(3) block of its own, so that the sanitizer knows its bounds. */
#define CHUNK_SIZE ((size_t)1)

static void *map(size_t size) {
        return calloc(1, size);
}

static void unmap(void *chunk, size_t size) {
        (void)size;
        free(chunk);
}
#else
/* A lookup takes about 32 KiB, half of it for a file of modprobe.d. Pages that are not used cost
 * nothing. */
#define CHUNK_SIZE ((size_t)64 * 1024)

static void *map(size_t size) {
        void *chunk = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

        return chunk == MAP_FAILED ? NULL : chunk;
}

static void unmap(void *chunk, size_t size) {
        (void)munmap(chunk, size);
}
#endif

#define ALIGNMENT _Alignof(max_align_t)

struct arena_chunk {
        struct arena_chunk *next;
        size_t size; /* of the whole mapping */
        _Alignas(ALIGNMENT) char bytes[];
};

static bool add_chunk(struct arena *arena, size_t size) {
        struct arena_chunk *chunk;

        size += sizeof(*chunk);
        if (size < CHUNK_SIZE)
                size = CHUNK_SIZE;
        chunk = map(size);
        if (!chunk)
                return false;
        chunk->next = arena->chunks;
        chunk->size = size;
        arena->chunks = chunk;
        arena->left = size - sizeof(*chunk);
        return true;
}

void *arena_take(struct arena *arena, size_t size) {
        size_t step = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        void *piece;

        if (size > SIZE_MAX / 2)
                return NULL;
        /* A piece of 0 bytes needs an address as well */
        if ((!arena->chunks || step > arena->left) && !add_chunk(arena, step))
                return NULL;
        piece = (char *)arena->chunks + arena->chunks->size - arena->left;
        arena->left -= step;
        return piece;
}

const char *arena_text(struct arena *arena, const char *text) {
        size_t size = strlen(text) + 1;
        char *copy = arena_take(arena, size);

        if (copy)
                memcpy(copy, text, size);
        return copy;
}

static void free_chunks(struct arena_chunk *chunks) {
        while (chunks) {
                struct arena_chunk *chunk = chunks;

                chunks = chunk->next;
                unmap(chunk, chunk->size);
        }
}

void arena_rewind(struct arena *arena) {
        struct arena_chunk *chunk = arena->chunks;

        if (!chunk)
                return;
        free_chunks(chunk->next);
        chunk->next = NULL;
        arena->left = chunk->size - sizeof(*chunk);
}

void arena_done(struct arena *arena) {
        free_chunks(arena->chunks);
        *arena = (struct arena){};
}
