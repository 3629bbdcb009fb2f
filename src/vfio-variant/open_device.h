/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Devices as a person names them. */
#pragma once

#include "cleanup.h"
#include "vfio-variant.h"

DEFINE_CLEANUP(struct vfio_variant_device *, vfio_variant_device_unref);

/*
 * Opens the device NAME; messages are about it from then on. Returns an exit status; where it is
 * not EXIT_SUCCESS, that was told.
 */
int open_named(struct vfio_variant *context, const char *name, struct vfio_variant_device **ret);

/* Says of NAME, which is not NULL, why it could not be opened. Returns the exit status. */
int report_open_error(const char *name, int error);
