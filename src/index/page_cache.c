/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file that is read in pages, each once while it stays in the cache. */
#include "page_cache.h"

#include <errno.h>

#include "fd.h"

/* Not the number of a page: offsets in a file have 28 bits */
#define NO_PAGE UINT32_MAX

void page_cache_init(struct page_cache *cache, int fd, uint32_t size, struct arena *arena) {
        cache->fd = fd;
        cache->size = size;
        cache->arena = arena;
}

void page_cache_done(struct page_cache *cache) {
        fd_close(cache->fd);
}

/* Reads page NUMBER into its slot. Errors as page_cache_view(). */
static int load_page(struct page_cache *cache, uint32_t number) {
        struct page **slot = &cache->slots[number % CACHE_SLOTS];
        uint64_t offset = (uint64_t)number * CACHE_PAGE_SIZE;
        int r;

        if (offset >= cache->size)
                return -EBADMSG;
        if (!*slot)
                *slot = arena_take(cache->arena, sizeof(**slot));
        if (!*slot)
                return -ENOMEM;
        (*slot)->number = NO_PAGE; /* until all of it is read */
        (*slot)->size = CACHE_PAGE_SIZE;
        if (cache->size - offset < CACHE_PAGE_SIZE)
                (*slot)->size = (uint32_t)(cache->size - offset);
        r = fd_read_at(cache->fd, (*slot)->bytes, (*slot)->size, offset);
        if (r < 0)
                return r;
        (*slot)->number = number;
        return 0;
}

int page_cache_view(struct page_cache *cache, uint32_t offset, const uint8_t **ret,
                    size_t *ret_size) {
        uint32_t number = offset / CACHE_PAGE_SIZE;
        struct page **slot = &cache->slots[number % CACHE_SLOTS];

        if (!*slot || (*slot)->number != number) {
                int r = load_page(cache, number);

                if (r < 0)
                        return r;
        }
        if (offset >= cache->size)
                return -EBADMSG;
        *ret = (*slot)->bytes + offset % CACHE_PAGE_SIZE;
        *ret_size = (*slot)->size - offset % CACHE_PAGE_SIZE;
        return 0;
}

int page_cache_read_u32(struct page_cache *cache, uint32_t offset, uint32_t *ret) {
        uint32_t number = 0, done = 0;

        while (done < sizeof(number)) {
                const uint8_t *bytes;
                size_t n;
                int r = page_cache_view(cache, offset + done, &bytes, &n);

                if (r < 0)
                        return r;
                for (; n > 0 && done < sizeof(number); n--, done++)
                        number = number << 8 | *bytes++;
        }
        *ret = number;
        return 0;
}
