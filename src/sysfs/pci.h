/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kind of a PCI function. */
#pragma once

#include <stdbool.h>

/*
 * The header type, without the multi-function bit: 0 for an ordinary function, 1 for a PCI bridge,
 * 2 for a CardBus bridge; 0 also if the device is not a PCI function. It is read from the
 * configuration space, or derived from the class in MODALIAS if that cannot be read.
 */
int device_header_type(int device_fd, const char *modalias);

/* Is the device a bridge, or an IOMMU, by the class in its MODALIAS? It cannot be assigned to a
 * guest then. */
bool modalias_is_bridge(const char *modalias);
bool modalias_is_iommu(const char *modalias);

/*
 * Is it the display that the firmware booted on? Returns 1, 0 (also if it is not a display), or a
 * negative errno.
 */
int device_is_boot_display(int device_fd);
