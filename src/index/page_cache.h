/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A file read in blocks, each at most once while it stays in the cache. By pread(2) and not by
 * mmap(2): a file that is cut while it is read gives an error, where a mapping gives SIGBUS.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "arena.h"

/* One page. A lookup touches some four of an index of a megabyte. */
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

/*
 * *ret: the bytes of the file from OFFSET to the end of their block; *ret_size: how many, at least
 * one. They belong to BLOCKS and stay until the next call. Returns 0; -EBADMSG for an offset beyond
 * the file, or where the file was cut since; -ENOMEM; or the errno of the read.
 */
int blocks_view(struct blocks *blocks, uint32_t offset, const uint8_t **ret, size_t *ret_size);

/* Reads the big-endian number at OFFSET, also across blocks. Errors as blocks_view(). */
int blocks_read_u32(struct blocks *blocks, uint32_t offset, uint32_t *ret);
