/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The modalias of a device, and the key by which its VFIO drivers are looked up. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "name.h"

/*
 * The size of a key with its NUL. A PCI modalias has 54 characters, a CDX modalias 53. The limit is
 * not the kernel's.
 */
#define MODALIAS_KEY_SIZE 512

/*
 * The prefix of the aliases of drivers that are only bound by driver_override. Source:
 * PCI_ID_F_VFIO_DRIVER_OVERRIDE in scripts/mod/file2alias.c of the kernel.
 */
#define MODALIAS_PREFIX "vfio_"

struct modalias {
        char key[MODALIAS_KEY_SIZE]; /* "vfio_pci:v000015B3d...", as depmod writes it */
        size_t length;               /* of the key, without its NUL */
        bool is_prefix; /* KEY is a prefix: an alias matches if it can match any key with it */
        char generic[NAME_SIZE]; /* the generic module of the bus: "vfio_pci" */
};

/*
 * Parses TEXT, "BUS:...". `-` becomes `_`, as depmod writes it into the index. Returns 0, -EINVAL
 * if TEXT is not a modalias (no bus, or a character that is not printable ASCII, or a space), or
 * -ENAMETOOLONG.
 */
int modalias_parse(const char *text, struct modalias *ret);

/* *ret: "vfio_BUS:", the prefix of the keys of all devices on the bus of MODALIAS. */
void modalias_bus_prefix(const struct modalias *modalias, struct modalias *ret);

/* The bus of the modalias, from the name of its generic module: "pci" of "vfio_pci". */
static inline const char *modalias_bus(const struct modalias *modalias) {
        return modalias->generic + sizeof(MODALIAS_PREFIX) - 1;
}
