/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A file that is read in pages, each once while it stays in the cache. With pread(2), not mmap(2):
 * if the file is truncated meanwhile, a read fails, but access to a mapping raises SIGBUS.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "arena.h"

/* A lookup reads about four pages of an index of 1 MB. */
#define BLOCK_SIZE 4096
/* 256 KiB for each file at most, in a process that looks up many devices. */
#define BLOCK_SLOTS 64

struct block {
        uint32_t number;
        uint32_t size; /* smaller in the last page of the file */
        uint8_t bytes[BLOCK_SIZE];
};

struct blocks {
        int fd;
        uint32_t size; /* of the file, in bytes */
        struct arena *arena;
        struct block *slots[BLOCK_SLOTS];
};

/*
 * Sets up CACHE, which is zero, for the file FD of SIZE bytes. Memory is taken from ARENA. Takes
 * ownership of FD, which page_cache_done() closes.
 */
void blocks_init(struct blocks *blocks, int fd, uint32_t size, struct arena *arena);
void blocks_done(struct blocks *blocks);

/*
 * *ret: the bytes of the file from OFFSET to the end of their page. *ret_size: their number, at
 * least one. They are valid until the next call. Returns 0; -EBADMSG if OFFSET is beyond the file,
 * or the file was truncated; -ENOMEM; or the negative errno of the read.
 */
int blocks_view(struct blocks *blocks, uint32_t offset, const uint8_t **ret, size_t *ret_size);

/* Reads the big-endian number at OFFSET, which may cross pages. Errors as page_cache_view(). */
int blocks_read_u32(struct blocks *blocks, uint32_t offset, uint32_t *ret);
