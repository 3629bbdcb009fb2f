/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The steps of binding: each is a write to the kernel, immediately after a check that the device is
 * still the one that was opened.
 */
#pragma once

#include "device_handle.h"

/*
 * Each function returns 0, or a negative errno of handle_check() or of the write.
 *
 * Writes DRIVER to driver_override; "" clears it.
 */
int step_override(const struct handle *handle, const char *driver);

/* Unbinds the device from its current driver, if it has one. */
int step_unbind(const struct handle *handle);

/* Probes the device with the drivers of its bus. Succeeds also if none binds it. */
int step_probe(const struct handle *handle);

/* Binds the device to the driver whose directory is DRIVER_FD. */
int step_bind(const struct handle *handle, int driver_fd);
