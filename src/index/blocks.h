/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A file read in blocks, each at most once while it stays in the cache. By pread(2) and not by
 * mmap(2): a file that is cut while it is read gives an error, where a mapping gives SIGBUS.
 */
#pragma once

#include <errno.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"

/* One page. A look-up touches some four of an index of a megabyte. */
#define BLOCK_SIZE 4096
/* 256 KiB of each file at most, in a process that looks up many devices. */
#define BLOCK_SLOTS 64

struct block {
        uint32_t number;
        uint32_t size; /* fewer bytes than BLOCK_SIZE in the last one of the file */
        uint8_t bytes[BLOCK_SIZE];
};

struct blocks {
        int fd;
        uint32_t size; /* of the file, in bytes */
        struct arena *arena;
        struct block *slots[BLOCK_SLOTS];
};

/*
 * Sets up BLOCKS, which are all zero. Takes FD, of a file of SIZE bytes, over; blocks_done() closes
 * it. The blocks lie in ARENA.
 */
void blocks_init(struct blocks *blocks, int fd, uint32_t size, struct arena *arena);
void blocks_done(struct blocks *blocks);

/* Reads block NUMBER, if there is one, into its slot. Errors as blocks_view(). */
int blocks_load(struct blocks *blocks, uint32_t number);

/*
 * *ret: the bytes of the file from OFFSET to the end of their block; *ret_size: how many, at least
 * one. They belong to BLOCKS and stay until the next call. Returns 0; -EBADMSG for an offset beyond
 * the file, or where the file was cut since; -ENOMEM; or the errno of the read.
 */
static inline int blocks_view(struct blocks *blocks, uint32_t offset, const uint8_t **ret,
                              size_t *ret_size) {
        uint32_t number = offset / BLOCK_SIZE;
        const struct block *block = blocks->slots[number % BLOCK_SLOTS];

        if (!block || block->number != number) {
                int r = blocks_load(blocks, number);

                if (r < 0)
                        return r;
                block = blocks->slots[number % BLOCK_SLOTS];
        }
        if (offset >= blocks->size)
                return -EBADMSG;
        *ret = block->bytes + offset % BLOCK_SIZE;
        *ret_size = block->size - offset % BLOCK_SIZE;
        return 0;
}

/* The same for a number that lies across blocks. */
int blocks_read_u32_across(struct blocks *blocks, uint32_t offset, uint32_t *ret);

static inline uint32_t blocks_big_endian(const uint8_t *bytes) {
        return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
               bytes[3];
}

/* Reads the big-endian number at OFFSET. Errors as blocks_view(). */
static inline int blocks_read_u32(struct blocks *blocks, uint32_t offset, uint32_t *ret) {
        const uint8_t *bytes;
        size_t left;
        int r = blocks_view(blocks, offset, &bytes, &left);

        if (r < 0)
                return r;
        if (left < sizeof(uint32_t))
                return blocks_read_u32_across(blocks, offset, ret);
        *ret = blocks_big_endian(bytes);
        return 0;
}
