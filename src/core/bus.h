/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The buses whose devices can be assigned to a guest: one row each. */
#pragma once

#include <stddef.h>

struct bus {
        const char *subsystem; /* "pci" */
        const char *prefix;    /* of the modaliases of its devices: "pci:" */
        const char *catch_all; /* the alias of its generic module that matches all its devices */
        /* Devices that cannot be assigned, by their modaliases; NULL: the bus has no classes */
        const char *bridges, *iommus;
};

/* Ends in a row without a subsystem. rules.d matches the same buses: tests/build/tables.py. */
extern const struct bus buses[];

/* The bus with this subsystem, or the bus of a device with MODALIAS; NULL if it has no row. */
const struct bus *bus_find(const char *subsystem);
const struct bus *bus_of_modalias(const char *modalias);

/* The length of bus, vendor and device ID in MODALIAS: "pci:v000015B3d0000101E" before "sv". 0 if
 * it is of another form, or of another bus. */
size_t bus_id_length(const char *modalias);
