/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Random modaliases that hit: made of the aliases of a tree. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "plain_tree.h"

#define DEVICE_SIZE 400

/* Numbers that look random and are always the same for a seed. */
struct random {
        uint64_t state;
};

/* A number below LIMIT, which is not 0. */
size_t random_below(struct random *random, size_t limit);

/*
 * A modalias: half of them are aliases whose wildcards were filled in, the others are such ones
 * with a few characters changed, or made of field values of several aliases.
 */
void random_device(struct random *random, const struct plain_tree *tree, char ret[DEVICE_SIZE]);
