/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Devices in use must not be tagged by mistake: the system may not boot without a disk. */
#pragma once

#include "command_options.h"
#include "vfio-variant.h"

/* Prints why DEVICE must not be tagged; with --force, a warning instead. Returns EXIT_SUCCESS or
 * EXIT_REFUSED. */
int tag_guard_device(struct vfio_variant_device *device, const struct options *options);

/* The same for all devices that KEY matches. */
int tag_guard_matched(struct vfio_variant *context, const char *key, const struct options *options);

/* Prints a warning if the host uses DEVICE in a way that does not prevent a tag: a network
 * interface, a display. */
void tag_warn_of_use(struct vfio_variant_device *device);
