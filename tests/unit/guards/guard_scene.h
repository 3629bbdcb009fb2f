/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The device that the tests of the guards look at. */
#pragma once

#include "sys.h"

#define DEVICE    "0000:00:01.0"
#define DIRECTORY SYS_ROOT DEVICE

/* Enters a /sys with DEVICE, bound to e1000e, in the IOMMU group 12. */
void scene_enter(void);

/* Drops the capabilities by which root may read files regardless of their mode. */
void drop_capabilities(void);
