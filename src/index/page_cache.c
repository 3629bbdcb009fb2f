/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file that is read in pages, each once while it stays in the cache. */
#include "page_cache.h"

#include <endian.h>
#include <errno.h>
#include <string.h>

#include "fd.h"

/* Not the number of a page: offsets in a file have 28 bits */
#define NO_BLOCK UINT32_MAX

void blocks_init(struct blocks *blocks, int fd, uint32_t size, struct arena *arena) {
        blocks->fd = fd;
        blocks->size = size;
        blocks->arena = arena;
}

void blocks_done(struct blocks *blocks) {
        fd_close(blocks->fd);
}

/* Reads page NUMBER into its slot. Errors as page_cache_view(). */
static int load(struct blocks *blocks, uint32_t number) {
        struct block **slot = &blocks->slots[number % BLOCK_SLOTS];
        uint64_t offset = (uint64_t)number * BLOCK_SIZE;
        int r;

        if (offset >= blocks->size)
                return -EBADMSG;
        if (!*slot)
                *slot = arena_take(blocks->arena, sizeof(**slot));
        if (!*slot)
                return -ENOMEM;
        (*slot)->number = NO_BLOCK; /* until all of it is read */
        (*slot)->size = BLOCK_SIZE;
        if (blocks->size - offset < BLOCK_SIZE)
                (*slot)->size = (uint32_t)(blocks->size - offset);
        r = fd_read_at(blocks->fd, (*slot)->bytes, (*slot)->size, offset);
        if (r < 0)
                return r;
        (*slot)->number = number;
        return 0;
}

int blocks_view(struct blocks *blocks, uint32_t offset, const uint8_t **ret, size_t *ret_size) {
        uint32_t number = offset / BLOCK_SIZE;
        struct block **slot = &blocks->slots[number % BLOCK_SLOTS];

        if (!*slot || (*slot)->number != number) {
                int r = load(blocks, number);

                if (r < 0)
                        return r;
        }
        if (offset >= blocks->size)
                return -EBADMSG;
        *ret = (*slot)->bytes + offset % BLOCK_SIZE;
        *ret_size = (*slot)->size - offset % BLOCK_SIZE;
        return 0;
}

int blocks_read_u32(struct blocks *blocks, uint32_t offset, uint32_t *ret) {
        uint32_t number, done = 0;

        while (done < sizeof(number)) {
                const uint8_t *bytes;
                size_t n;
                int r = blocks_view(blocks, offset + done, &bytes, &n);

                if (r < 0)
                        return r;
                if (n > sizeof(number) - done)
                        n = sizeof(number) - done;
                memcpy((char *)&number + done, bytes, n);
                done += (uint32_t)n;
        }
        *ret = be32toh(number);
        return 0;
}
