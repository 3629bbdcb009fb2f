/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A device whose disk the running system uses must not be tagged by mistake: the system may not
 * boot without it. */
#pragma once

#include <stdbool.h>

#include "vfio-variant.h"

/* Prints why DEVICE must not be tagged; with FORCE, a warning instead. Returns EXIT_DONE or
 * EXIT_REFUSED. */
int tag_guard_device(struct vfio_variant_device *device, bool force);

/* The same for all devices that the tag MATCH is for. */
int tag_guard_matched(struct vfio_variant *context, const char *match, bool force);
