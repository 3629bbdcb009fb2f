/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Memory that is taken in small pieces and given back all at once.
 *
 * The chunks come from the kernel itself: to set up malloc(3) costs the helper more than all that
 * it ever takes. Under AddressSanitizer each piece is a mapping that it knows the bounds of.
 */
#include "arena.h"

#include <stdbool.h>
#include <stdint.h>

#include "call.h"
#include "text.h"

#ifdef CALL_IS_SANITIZED
#include <sanitizer/asan_interface.h>
#define REDZONE 32
#else
#define ASAN_POISON_MEMORY_REGION(address, size)   ((void)(address), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(address, size) ((void)(address), (void)(size))
#define REDZONE                                    0
#endif

/* A look-up takes some 40 KiB, for blocks of the index; pages that are not used cost nothing. */
#define CHUNK_SIZE ((size_t)64 * 1024)

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
        chunk = call_mmap(size);
        if (chunk == MAP_FAILED)
                return false;
        chunk->next = arena->chunks;
        chunk->size = size;
        arena->chunks = chunk;
        arena->left = size - sizeof(*chunk);
        ASAN_POISON_MEMORY_REGION(chunk->bytes, arena->left);
        return true;
}

void *arena_take(struct arena *arena, size_t size) {
        size_t step = (size + REDZONE + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        void *piece;

        if (size > SIZE_MAX / 2)
                return NULL;
        /* A piece of no bytes has an address, too */
        if ((!arena->chunks || step > arena->left) && !add_chunk(arena, step))
                return NULL;
        piece = (char *)arena->chunks + arena->chunks->size - arena->left;
        arena->left -= step;
        arena->taken += step;
        ASAN_UNPOISON_MEMORY_REGION(piece, size);
        return piece;
}

const char *arena_text(struct arena *arena, const char *text) {
        size_t size = text_length(text) + 1;
        char *copy = arena_take(arena, size);

        if (copy)
                text_copy(copy, text, size);
        return copy;
}

static void free_chunks(struct arena_chunk *chunks) {
        while (chunks) {
                struct arena_chunk *chunk = chunks;

                chunks = chunk->next;
                ASAN_UNPOISON_MEMORY_REGION(chunk, chunk->size);
                (void)call_munmap(chunk, chunk->size);
        }
}

void arena_rewind(struct arena *arena) {
        struct arena_chunk *chunk = arena->chunks;

        if (!chunk)
                return;
        free_chunks(chunk->next);
        chunk->next = NULL;
        arena->left = chunk->size - sizeof(*chunk);
        arena->taken = 0;
        ASAN_POISON_MEMORY_REGION(chunk->bytes, arena->left);
}

void arena_done(struct arena *arena) {
        free_chunks(arena->chunks);
        *arena = (struct arena){};
}
