/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Waits for a device that was just added: the kernel announces it before it enables probes for it.
 */
#pragma once

#include <stdbool.h>

#include "device_handle.h"

/*
 * Is it certain that the kernel has enabled probes for the device, or will within a moment? The
 * kernel lists a PCI function in /proc/bus/pci immediately before that (pci_bus_add_device() in
 * drivers/pci/bus.c). False also if this is unknown.
 */
bool hotplug_is_over(const struct handle *handle);

/* Sleeps before probe number N, from 0 on. Returns false, without sleeping, if the time is over. */
bool hotplug_wait(unsigned n);
