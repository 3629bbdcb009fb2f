/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The modalias of a device, and the key by which its VFIO drivers are looked up. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "name.h"

/*
 * Space for a key with its NUL. A PCI modalias has 54 letters, a CDX one less; the bound is ours,
 * well above both, and keeps the matcher's sets of positions small.
 */
#define MODALIAS_KEY_SIZE 512

/* What the kernel puts before a modalias to name drivers that are only bound by an override:
 * scripts/mod/file2alias.c, PCI_ID_F_VFIO_DRIVER_OVERRIDE. */
#define MODALIAS_PREFIX "vfio_"

/* A key is ASCII. */
#define MODALIAS_N_LETTERS 128

/* Sets of places in a key are bits, so many words of them. */
#define MODALIAS_WORDS ((MODALIAS_KEY_SIZE + 63) / 64)

struct modalias {
        /* "vfio_pci:v000015B3d...", as depmod spells it; zeros up to the next multiple of 8 */
        char key[MODALIAS_KEY_SIZE];
        size_t length;           /* of the key, without its NUL */
        bool is_begin;           /* of many keys: an alias matches where it matches any of them */
        char generic[NAME_SIZE]; /* the bus's generic module: "vfio_pci" */
        size_t n_words;          /* of each set: length / 64 + 1 */
        uint64_t places[MODALIAS_WORDS]
                       [MODALIAS_N_LETTERS]; /* where each letter stands in the key */
};

/*
 * Reads TEXT, "BUS:...". depmod writes '-' as '_' into its index, so that the key has it as well.
 * Returns 0; -EINVAL for what is no modalias (no bus, a blank or a byte that is not printable
 * ASCII), -ENAMETOOLONG for a longer one than any bus of devices for guests has.
 */
int modalias_parse(const char *text, struct modalias *ret);

/*
 * *ret: "vfio_BUS:", the begin of the keys of all devices on the bus of MODALIAS.
 */
void modalias_begin(const struct modalias *modalias, struct modalias *ret);

/* The bus of the modalias, in its generic module's name: "pci" of "vfio_pci". */
static inline const char *modalias_bus(const struct modalias *modalias) {
        return modalias->generic + sizeof(MODALIAS_PREFIX) - 1;
}
