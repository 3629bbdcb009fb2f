/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Devices by the names that the user gives. */
#pragma once

#include <stdbool.h>

#include "cleanup.h"
#include "vfio-variant.h"

DEFINE_CLEANUP(struct vfio_variant_device *, vfio_variant_device_unref);

/* Whether NAME is a modalias: a bus, and after its colon nothing, or a character that no address
 * has.
 */
bool is_modalias(const char *name);

/* Opens the device NAME, and has messages begin with it. Returns the exit status; an error was
 * reported. */
int open_named(struct vfio_variant *context, const char *name, struct vfio_variant_device **ret);

/* Reports why NAME could not be opened. Returns the exit status. */
int report_open_error(const char *name, int error);

/* vfio_variant_each_device(). Returns the exit status; an error was reported. */
int each_device(struct vfio_variant *context, vfio_variant_device_fn on_device, void *userdata);
