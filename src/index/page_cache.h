/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A file that is read in pages, each once while it stays in the cache. With pread(2), not mmap(2):
 * if the file is truncated meanwhile, a read fails, but access to a mapping raises SIGBUS.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "arena.h"

/*
 * A lookup reads some five pages of an index of 1 MB. With larger ones it reads one or two less,
 * but a page fault for each 4 KiB takes longer than that.
 */
#define CACHE_PAGE_SIZE 1024
/* 64 KiB for each file at most, in a process that looks up many devices. */
#define CACHE_SLOTS 64

struct page {
        uint32_t number;
        uint32_t size; /* smaller in the last page of the file */
        uint8_t bytes[CACHE_PAGE_SIZE];
};

struct page_cache {
        int fd;
        uint32_t size; /* of the file, in bytes */
        struct arena *arena;
        struct page *slots[CACHE_SLOTS];
};

/*
 * Sets up CACHE, which is zero, for the file FD of SIZE bytes. Memory is taken from ARENA. Takes
 * ownership of FD, which page_cache_done() closes.
 */
void page_cache_init(struct page_cache *cache, int fd, uint32_t size, struct arena *arena);
void page_cache_done(struct page_cache *cache);

/*
 * *ret: the bytes of the file from OFFSET to the end of their page. *ret_size: their number, at
 * least one. They are valid until the next call. Returns 0; -EBADMSG if OFFSET is beyond the file,
 * or the file was truncated; -ENOMEM; or the negative errno of the read.
 */
int page_cache_view(struct page_cache *cache, uint32_t offset, const uint8_t **ret,
                    size_t *ret_size);

/* Reads the big-endian number at OFFSET, which may cross pages. Errors as page_cache_view(). */
int page_cache_read_u32(struct page_cache *cache, uint32_t offset, uint32_t *ret);
