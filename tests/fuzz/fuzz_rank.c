/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Fuzzes the rank: it is a total order, and a sorted list does not depend on the order in which it
 * was filled. The input: seven bytes for each candidate. There are few values of each field, so
 * that candidates are often alike in some.
 */
#include "fuzz.h"
#include "input.h"
#include "rank.h"

#define N_MAX     5
#define N_BYTES   7
#define N_VALUES  3
#define N_ORIGINS (VFIO_VARIANT_CANDIDATE_GENERIC + 1)
#define GENERIC   "vfio_pci"

static const char *const modules[] = {"vfio_pci", "vfio_pca", "mlx5_vfio_pci"};
static const char *const aliases[] = {NULL, "vfio_pci:v*", "vfio_pci:v*d*"};

static size_t take_value(struct input *input, size_t limit) {
        return input_take_byte(input) % limit;
}

static struct candidate take_candidate(struct input *input) {
        struct candidate candidate = {};

        candidate.alias = aliases[take_value(input, N_VALUES)];
        candidate.module = modules[take_value(input, N_VALUES)];
        candidate.priority = take_value(input, N_VALUES) ? UINT32_MAX : 0;
        candidate.wildcards = take_value(input, N_VALUES) ? UINT16_MAX : 0;
        candidate.literals = take_value(input, N_VALUES) ? UINT16_MAX : 0;
        candidate.origin = (enum vfio_variant_candidate_origin)take_value(input, N_ORIGINS);
        candidate.built_in = take_value(input, 2);
        return candidate;
}

static int sign(int number) {
        return (number > 0) - (number < 0);
}

static int compare(const struct candidate *a, const struct candidate *b) {
        return sign(candidate_compare(a, b, GENERIC));
}

/* Are A and B alike in all that the rank looks at? The strings are those above. */
static bool is_alike(const struct candidate *a, const struct candidate *b) {
        return a->alias == b->alias && a->module == b->module && a->priority == b->priority &&
               a->wildcards == b->wildcards && a->literals == b->literals &&
               a->origin == b->origin && a->built_in == b->built_in;
}

static void check_order(const struct candidate *a, const struct candidate *b,
                        const struct candidate *c) {
        must(compare(a, a) == 0);
        must(compare(a, b) == -compare(b, a));
        must((compare(a, b) == 0) == is_alike(a, b));
        if (compare(a, b) <= 0 && compare(b, c) <= 0)
                must(compare(a, c) <= 0);
}

static void check_list(const struct candidate *candidates, size_t n) {
        struct candidate forward[N_MAX], backward[N_MAX];

        for (size_t i = 0; i < n; i++) {
                candidate_insert(forward, i, &candidates[i], GENERIC);
                candidate_insert(backward, i, &candidates[n - 1 - i], GENERIC);
        }
        for (size_t i = 0; i < n; i++) {
                must(is_alike(&forward[i], &backward[i]));
                must(i == 0 || compare(&forward[i - 1], &forward[i]) <= 0);
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
        struct input input = {bytes, size};
        struct candidate candidates[N_MAX];
        size_t n = 0;

        while (n < N_MAX && input.size >= N_BYTES)
                candidates[n++] = take_candidate(&input);
        for (size_t i = 0; i < n; i++)
                for (size_t j = 0; j < n; j++)
                        for (size_t k = 0; k < n; k++)
                                check_order(&candidates[i], &candidates[j], &candidates[k]);
        check_list(candidates, n);
        return 0;
}
