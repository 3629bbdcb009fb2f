/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One node of a .bin index that depmod(8) wrote.
 *
 * Format: u32 magic, u32 version, u32 reference of the root; numbers are big-endian. The high
 * nibble of a reference says what its node has, in this order: a prefix (a string that ends in
 * NUL), children (u8 first character, u8 last character, a reference for each from the first to the
 * last; 0 is none), values (u32 count, then for each u32 priority and a string that ends in NUL).
 *
 * kmod up to 33 wrote a node behind its children, so that the root is the last one in the file;
 * since 34 it writes a node before them, and the root is the first one.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "trie.h"

#define TRIE_HEADER_SIZE 12

#define NODE_HAS_PREFIX   UINT32_C(0x80000000)
#define NODE_HAS_VALUES   UINT32_C(0x40000000)
#define NODE_HAS_CHILDREN UINT32_C(0x20000000)
#define NODE_OFFSET_MASK  UINT32_C(0x0FFFFFFF)

/* The smallest value: a priority and the name of a module, of one character and its NUL. */
#define VALUE_SIZE_MIN 6

/* Where a node's parts are; each is there only where the reference says so. */
struct node {
        uint32_t parts;    /* the flags of the reference */
        uint32_t offset;   /* where it begins */
        uint32_t at;       /* the next byte to be read of it */
        uint32_t children; /* the table of references */
        uint32_t values;
        uint8_t first, last; /* characters of the children */
};

/* What stands for the parent of the root: a place beyond all nodes. */
uint32_t node_root_parent(const struct trie *trie);

/*
 * Begins the node that REFERENCE names, a child of the one at PARENT; its prefix is next. Returns
 * 0, or -EBADMSG where it lies outside of the file, or on the wrong side of its parent.
 */
int node_begin(const struct trie *trie, uint32_t reference, uint32_t parent, struct node *ret);

/*
 * Behind the prefix: finds the children and the values, and sees that they lie in the file. Returns
 * 0, -EBADMSG where they don't, or the errno of a read.
 */
int node_find_parts(struct trie *trie, struct node *node);

/* *ret: the reference of the child under CHARACTER, or 0. Returns as node_find_parts(). */
int node_child(struct trie *trie, const struct node *node, uint8_t character, uint32_t *ret);

/*
 * Reads the string at *AT, which must end within SIZE bytes, into RET, and moves *AT behind it.
 * Returns as node_find_parts().
 */
int node_read_string(struct trie *trie, uint32_t *at, char *ret, size_t size);
