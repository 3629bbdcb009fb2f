/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Memory that is taken in pieces and released all at once. */
#include "arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct arena_piece {
        struct arena_piece *next;
        _Alignas(max_align_t) char bytes[];
};

void *arena_take(struct arena *arena, size_t size) {
        struct arena_piece *piece;

        if (size > SIZE_MAX - sizeof(*piece))
                return NULL;
        piece = calloc(1, sizeof(*piece) + size);
        if (!piece)
                return NULL;
        piece->next = arena->pieces;
        arena->pieces = piece;
        return piece->bytes;
}

const char *arena_text(struct arena *arena, const char *text) {
        size_t size = strlen(text) + 1;
        char *copy = arena_take(arena, size);

        if (copy)
                memcpy(copy, text, size);
        return copy;
}

void arena_done(struct arena *arena) {
        while (arena->pieces) {
                struct arena_piece *piece = arena->pieces;

                arena->pieces = piece->next;
                free(piece);
        }
}
