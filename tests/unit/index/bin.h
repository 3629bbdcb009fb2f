/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Indexes made by hand: node by node, in either order of kmod, at any offset. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "node.h"
#include "unit.h"

#define BIN_SIZE_MAX 200000

/* A file that is being written, from the front to the back. */
struct bin {
        uint8_t bytes[BIN_SIZE_MAX];
        uint32_t size;
};

struct bin_value {
        const char *module;
        uint32_t priority;
};

/* A node as a test writes it down. A list of characters, children or values ends in a zero. */
struct bin_node {
        const char *prefix;                 /* NULL: none */
        const char *characters;             /* of the children, in order; NULL: none */
        const struct bin_node *children[6]; /* NULL if there is none under that character */
        struct bin_value values[4];
};

enum bin_order {
        BIN_POSTORDER, /* kmod up to 33: the root is last */
        BIN_PREORDER,  /* kmod since 34: the root is first */
};

void bin_u8(struct bin *bin, uint8_t value);
void bin_u32(struct bin *bin, uint32_t value);
void bin_text(struct bin *bin, const char *text);

/* Replaces a number by VALUE. */
void bin_set_u32(struct bin *bin, uint32_t offset, uint32_t value);

/* Fills up with bytes that mean nothing, to OFFSET. */
void bin_pad(struct bin *bin, uint32_t offset);

/* Begins a file with a header, whose root is yet to be set by bin_root(). */
void bin_begin(struct bin *bin);
void bin_root(struct bin *bin, uint32_t reference);

/*
 * Writes a whole index with this root. PAD, unless 0, is how many bytes that mean nothing stand
 * before each node but the first.
 */
void bin_write(struct bin *bin, const struct bin_node *root, enum bin_order order, uint32_t pad);

void bin_save(const struct bin *bin, const struct temp_directory *directory, const char *name);
