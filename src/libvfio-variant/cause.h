/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Why a VFIO driver binds a device that no driver_override sends to it. */
#pragma once

#include "place.h"

/* Space for two places and the text around them. */
#define CAUSE_SIZE (2 * PLACE_SIZE + 512)

/* Writes a clause: the lines that send a device with MODALIAS to DRIVER, a VFIO driver, or to
 * vfio-pci; "" if none is found. */
void cause_find(const char *modalias, const char *driver, char ret[CAUSE_SIZE]);
