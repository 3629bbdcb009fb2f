/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The modalias of a device, and the key by which its VFIO drivers are looked up. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "name.h"

/*
 * Space for a key with its NUL. A PCI modalias has 54 characters, a CDX one less. The limit is
 * ours, well above both.
 */
#define MODALIAS_KEY_SIZE 512

/* What the kernel puts before a modalias to name drivers that are only bound by an override:
 * scripts/mod/file2alias.c, PCI_ID_F_VFIO_DRIVER_OVERRIDE. */
#define MODALIAS_PREFIX "vfio_"

struct modalias {
        char key[MODALIAS_KEY_SIZE]; /* "vfio_pci:v000015B3d...", as depmod spells it */
        size_t length;               /* of the key, without its NUL */
        bool is_begin;               /* of many keys: an alias matches if it matches any of them */
        char generic[NAME_SIZE];     /* the bus's generic module: "vfio_pci" */
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
