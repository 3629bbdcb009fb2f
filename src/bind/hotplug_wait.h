/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A device that has just appeared: the kernel announces it before it lets any driver have it. */
#pragma once

#include <stdbool.h>

#include "device_handle.h"

/*
 * Is it certain that drivers may have the device by now, or will within a moment? The kernel lists
 * a PCI function in /proc/bus/pci right before it allows that (pci_bus_add_device() in its
 * drivers/pci/bus.c). False also where that can't be told.
 */
bool fresh_is_over(const struct handle *handle);

/*
 * Sleeps for a moment before the try of number N, from 0 on, to have a driver take the device.
 * Returns false, and does not sleep, where it was waited long enough.
 */
bool fresh_wait(unsigned n);
