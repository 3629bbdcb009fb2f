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
#include <sys/mman.h>

#ifdef __SANITIZE_ADDRESS__
#define IS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define IS_SANITIZED 1
#endif
#endif
#ifdef IS_SANITIZED
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
        chunk = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
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

        if (size > SIZE_MAX / 2 || (step > arena->left && !add_chunk(arena, step)))
                return NULL;
        piece = (char *)arena->chunks + arena->chunks->size - arena->left;
        arena->left -= step;
        arena->taken += step;
        ASAN_UNPOISON_MEMORY_REGION(piece, size);
        return piece;
}

void arena_done(struct arena *arena) {
        while (arena->chunks) {
                struct arena_chunk *chunk = arena->chunks;

                arena->chunks = chunk->next;
                ASAN_UNPOISON_MEMORY_REGION(chunk, chunk->size);
                (void)munmap(chunk, chunk->size);
        }
        arena->left = arena->taken = 0;
}
