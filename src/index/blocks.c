/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file read in blocks, each at most once while it stays in the cache. */
#include "blocks.h"

#include <errno.h>

#include "fd.h"

/* No block of a file whose offsets have 28 bits. */
#define NO_BLOCK UINT32_MAX

void blocks_init(struct blocks *blocks, int fd, uint32_t size, struct arena *arena) {
        blocks->fd = fd;
        blocks->size = size;
        blocks->arena = arena;
        for (size_t i = 0; i < BLOCK_SLOTS; i++)
                blocks->slots[i] = NULL;
}

void blocks_done(struct blocks *blocks) {
        fd_close(blocks->fd);
}

/* Reads block NUMBER into SLOT, instead of the one that it held. */
static int load(struct blocks *blocks, uint32_t number, struct block **slot) {
        uint32_t offset = number * BLOCK_SIZE;
        uint32_t left = blocks->size - offset;
        int r;

        if (!*slot)
                *slot = arena_take(blocks->arena, sizeof(**slot));
        if (!*slot)
                return -ENOMEM;
        (*slot)->number = NO_BLOCK; /* until it is read whole */
        (*slot)->size = left < BLOCK_SIZE ? left : BLOCK_SIZE;
        r = fd_read_at(blocks->fd, (*slot)->bytes, (*slot)->size, offset);
        if (r < 0)
                return r;
        (*slot)->number = number;
        return 0;
}

int blocks_view(struct blocks *blocks, uint32_t offset, const uint8_t **ret, size_t *ret_size) {
        uint32_t number = offset / BLOCK_SIZE;
        struct block **slot = &blocks->slots[number % BLOCK_SLOTS];
        int r;

        if (offset >= blocks->size)
                return -EBADMSG;
        if (!*slot || (*slot)->number != number) {
                r = load(blocks, number, slot);
                if (r < 0)
                        return r;
        }
        *ret = (*slot)->bytes + offset % BLOCK_SIZE;
        *ret_size = (*slot)->size - offset % BLOCK_SIZE;
        return 0;
}

int blocks_read_u32(struct blocks *blocks, uint32_t offset, uint32_t *ret) {
        uint32_t number = 0;

        for (uint32_t n = 0; n < sizeof(number);) {
                const uint8_t *bytes;
                size_t left;
                int r = blocks_view(blocks, offset + n, &bytes, &left);

                if (r < 0)
                        return r;
                for (; left > 0 && n < sizeof(number); left--, n++)
                        number = number << 8 | *bytes++;
        }
        *ret = number;
        return 0;
}
