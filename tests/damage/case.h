/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* All the ways in which the index in a directory is damaged: each byte three ways, each length. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Far above the small index; an index that needs more would make too many cases anyway. */
#define FILE_SIZE_MAX 4096

enum { N_FILES = 4 };

/* One .bin file of the index. */
struct bin_file {
        const char *name;
        const char *text; /* the file that stands in for it; NULL: none does */
        bool has_text;    /* and it is there */
        int fd;
        size_t size;
        uint8_t bytes[FILE_SIZE_MAX]; /* intact */
};

/* The directory, whose .bin files are damaged in place and made whole again. */
struct tree {
        const char *path;
        struct bin_file files[N_FILES];
        size_t n_cases;
};

enum damage {
        BYTE_INVERTED,
        BYTE_BIT, /* one bit of it: another one for each byte */
        BYTE_ZERO,
        CUT, /* the file ends here */
        N_DAMAGES,
};

/* One case; they are counted through from 0 to tree.n_cases - 1. */
struct damage_case {
        struct bin_file *file;
        enum damage damage;
        size_t offset;
};

/* Reads the index in the directory PATH, which must outlive the tree. Returns 0 or a negative
 * errno.
 */
int tree_open(const char *path, struct tree *ret);
void tree_close(struct tree *tree);

struct damage_case case_get(struct tree *tree, size_t number);

/* Writes the damaged file, or the intact one. Returns 0 or a negative errno. */
int case_damage(const struct damage_case *one);
int case_repair(const struct damage_case *one);

/* "modules.alias.bin, byte 7 inverted". */
void case_tell(const struct damage_case *one, char *ret, size_t size);
