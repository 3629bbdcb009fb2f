/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the tests of the trie share: a trie in a file, and a small index byte by byte. */
#pragma once

#include <stdint.h>

#include "bin.h"
#include "found.h"
#include "trie.h"

extern const char *const order_names[2];

/* A trie in a file of its own. */
struct opened {
        struct temp_directory directory;
        struct arena arena;
        struct trie trie;
};

int open_bytes(struct opened *opened, const void *bytes, size_t size);

/* R: what opening it gave. */
void close_opened(struct opened *opened, int r);

int look_up(struct trie *trie, const char *modalias, struct found *found);

/* "vfio_p:a" names m, with priority 1, and "vfio_p:b*" n, with priority 2. */
extern const struct bin_node small;

#define SMALL_SIZE 52

/* The same, in each order of enum bin_order. */
extern const uint8_t small_bytes[2][SMALL_SIZE];

/* What is looked up in it. */
#define N_SMALL_ROWS 7

extern const struct small_row { const char *why, *modalias, *found; } small_rows[N_SMALL_ROWS];
