/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The single steps of binding: each is one write to the kernel, right behind a check that the
 * device is still the one that was opened.
 */
#pragma once

#include "device_handle.h"

/*
 * Each returns 0, or a negative errno, of handle_check() or of the write.
 *
 * Writes DRIVER into driver_override; "" clears it.
 */
int step_override(const struct handle *handle, const char *driver);

/* Takes the device from the driver that holds it, if one does, and from no other device. */
int step_unbind(const struct handle *handle);

/* Offers the device to the drivers of its bus. Success says nothing of whether one took it. */
int step_probe(const struct handle *handle);

/* Offers the device to the one driver whose directory is DRIVER_FD. */
int step_give(const struct handle *handle, int driver_fd);
