/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Why a VFIO driver binds a device whose driver_override does not name it. */
#pragma once

#include "place.h"

/* The size of two places and the text around them. */
#define CAUSE_SIZE (2 * PLACE_SIZE + 512)

/*
 * *ret: a clause with the lines that make DRIVER, a VFIO driver, or vfio-pci bind a device with
 * MODALIAS; "" if none is found.
 */
void cause_find(const char *modalias, const char *driver, char ret[CAUSE_SIZE]);
