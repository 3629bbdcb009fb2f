/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A node of a .bin index that depmod(8) wrote.
 *
 * Format: u32 magic, u32 version, u32 reference of the root. Numbers are big-endian. The high
 * nibble of a reference says which parts its node has, in this order: a prefix (a string that ends
 * in NUL), children (u8 first character, u8 last character, a reference for each from the first to
 * the last, 0 for none), values (u32 count, then for each value a u32 priority and a string that
 * ends in NUL).
 *
 * kmod up to 33 writes a node after its children, so that the root is the last node of the file.
 * Since 34 it writes a node before its children, and the root is the first node.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "page_cache.h"

#define TRIE_HEADER_SIZE 12

/* An index that is open. */
struct trie {
        struct page_cache cache;
        uint32_t root;
};

#define NODE_HAS_PREFIX   UINT32_C(0x80000000)
#define NODE_HAS_VALUES   UINT32_C(0x40000000)
#define NODE_HAS_CHILDREN UINT32_C(0x20000000)
#define NODE_OFFSET_MASK  UINT32_C(0x0FFFFFFF)

/* The size of the smallest value: a priority, a character and a NUL. */
#define VALUE_SIZE_MIN 6

/* Where the parts of a node are. A part exists only if the reference says so. */
struct node {
        uint32_t parts;    /* the flags of the reference */
        uint32_t offset;   /* of the node */
        uint32_t at;       /* the next byte to read */
        uint32_t children; /* the table of references */
        uint32_t values;
        uint8_t first, last; /* characters of the children */
};

/* The parent offset to use for the root: beyond all nodes. */
uint32_t node_root_parent(const struct trie *trie);

/*
 * *ret: the node of REFERENCE, a child of the node at PARENT, before its prefix is read. Returns 0,
 * or -EBADMSG if it lies outside of the file, or on the wrong side of its parent.
 */
int node_begin(const struct trie *trie, uint32_t reference, uint32_t parent, struct node *ret);

/*
 * Finds the children and the values, after the prefix was read, and checks that they lie in the
 * file. Returns 0, -EBADMSG if they do not, or the negative errno of a read.
 */
int node_find_parts(struct trie *trie, struct node *node);

/* *ret: the reference of the child under CHARACTER, or 0. Returns as node_find_parts(). */
int node_child(struct trie *trie, const struct node *node, uint8_t character, uint32_t *ret);

/*
 * Reads the string at *AT, which must be shorter than SIZE, into RET, and moves *AT past it.
 * Returns as node_find_parts().
 */
int node_read_string(struct trie *trie, uint32_t *at, char *ret, size_t size);
