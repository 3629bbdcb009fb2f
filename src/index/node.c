/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A node of a .bin index that depmod(8) wrote. */
#include "node.h"

#include <errno.h>
#include <stdbool.h>

/* Is the root the first node of the file? All nodes precede their children then. */
static bool trie_is_preorder(const struct trie *trie) {
        return (trie->root & NODE_OFFSET_MASK) == TRIE_HEADER_SIZE;
}

uint32_t node_root_parent(const struct trie *trie) {
        return trie_is_preorder(trie) ? 0 : trie->cache.size;
}

int node_begin(const struct trie *trie, uint32_t reference, uint32_t parent, struct node *ret) {
        uint32_t offset = reference & NODE_OFFSET_MASK;
        bool in_order = trie_is_preorder(trie) ? offset > parent : offset < parent;

        if (offset < TRIE_HEADER_SIZE || offset >= trie->cache.size || !in_order)
                return -EBADMSG;
        ret->parts = reference & ~NODE_OFFSET_MASK;
        ret->offset = offset;
        ret->at = offset;
        return 0;
}

static uint32_t node_n_children(const struct node *node) {
        return node->parts & NODE_HAS_CHILDREN ? (uint32_t)node->last - node->first + 1 : 0;
}

static int read_character(struct trie *trie, struct node *node, uint8_t *ret) {
        const uint8_t *bytes;
        size_t n;
        int r = page_cache_view(&trie->cache, node->at, &bytes, &n);

        if (r < 0)
                return r;
        *ret = bytes[0];
        node->at++;
        return 0;
}

int node_find_parts(struct trie *trie, struct node *node) {
        int r;

        if (node->parts & NODE_HAS_CHILDREN) {
                r = read_character(trie, node, &node->first);
                if (r < 0)
                        return r;
                r = read_character(trie, node, &node->last);
                if (r < 0)
                        return r;
                /* depmod indexes ASCII only */
                if (node->first > node->last || node->last > 0x7f)
                        return -EBADMSG;
        }
        node->children = node->at;
        node->values = node->at + node_n_children(node) * (uint32_t)sizeof(uint32_t);
        if (node->values > trie->cache.size)
                return -EBADMSG;
        return 0;
}

int node_child(struct trie *trie, const struct node *node, uint8_t character, uint32_t *ret) {
        *ret = 0;
        if (!(node->parts & NODE_HAS_CHILDREN) || character < node->first || character > node->last)
                return 0;
        return page_cache_read_u32(&trie->cache,
                                   node->children + (uint32_t)(character - node->first) * 4, ret);
}

int node_read_string(struct trie *trie, uint32_t *at, char *ret, size_t size) {
        size_t done = 0;

        while (done < size) {
                const uint8_t *bytes;
                size_t n;
                int r = page_cache_view(&trie->cache, *at, &bytes, &n);

                if (r < 0)
                        return r;
                for (size_t i = 0; i < n && done < size; i++) {
                        ret[done++] = (char)bytes[i];
                        (*at)++;
                        if (!bytes[i])
                                return 0;
                }
        }
        return -EBADMSG;
}
