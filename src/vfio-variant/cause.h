/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Why a VFIO driver takes a device that was unbound from it, or why no native driver does. */
#pragma once

#include "vfio-variant-check.h"

/* Room for two places and what is said of them. */
#define CAUSE_SIZE (2 * VFIO_VARIANT_PATH_SIZE + 512)

/* A clause: which lines send DEVICE to DRIVER, a VFIO driver, or to vfio-pci; "": none is found. */
void cause_find(const struct vfio_variant_device *device, const char *driver, char ret[CAUSE_SIZE]);

/* Reports that DRIVER took DEVICE again when it was unbound, and what to do. */
void cause_tell(const struct vfio_variant_device *device, const char *driver);
