/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file read in blocks, each at most once while it stays in the cache. */
#include "blocks.h"

#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "fd.h"

void blocks_init(struct blocks *blocks, int fd, uint32_t size) {
        blocks->fd = fd;
        blocks->size = size;
}

void blocks_done(struct blocks *blocks) {
        for (size_t i = 0; i < BLOCK_SLOTS; i++)
                free(blocks->slots[i]);
        fd_close(blocks->fd);
}

/* Reads block NUMBER into SLOT, instead of the one that it held. */
static int load(struct blocks *blocks, uint32_t number, struct block **slot) {
        _cleanup_free_ struct block *block = take_pointer(*slot);
        uint32_t offset = number * BLOCK_SIZE;
        uint32_t left = blocks->size - offset;
        int r;

        if (!block)
                block = malloc(sizeof(*block));
        if (!block)
                return -ENOMEM;
        block->number = number;
        block->size = left < BLOCK_SIZE ? left : BLOCK_SIZE;
        r = fd_read_at(blocks->fd, block->bytes, block->size, offset);
        if (r < 0)
                return r;
        *slot = take_pointer(block);
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

int blocks_read(struct blocks *blocks, uint32_t offset, void *ret, size_t size) {
        uint8_t *to = ret;

        while (size > 0) {
                const uint8_t *from;
                size_t n;
                int r = blocks_view(blocks, offset, &from, &n);

                if (r < 0)
                        return r;
                if (n > size)
                        n = size;
                memcpy(to, from, n);
                to += n;
                offset += (uint32_t) n;
                size -= n;
        }
        return 0;
}

int blocks_read_u32(struct blocks *blocks, uint32_t offset, uint32_t *ret) {
        uint32_t raw;
        int r = blocks_read(blocks, offset, &raw, sizeof(raw));

        if (r < 0)
                return r;
        *ret = be32toh(raw);
        return 0;
}
