/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The result of binding or unbinding a device, as text. */
#pragma once

#include "bind_options.h"
#include "cleanup.h"
#include "vfio-variant.h"

/* vfio_variant_report_free() returns what a clean-up does not need. */
DEFINE_CLEANUP(struct vfio_variant_report *, vfio_variant_report_free);

/* All return the exit status. ERROR: what the library's function returned, REPORT: what it set, or
 * NULL. */
int outcome_of_bind(struct vfio_variant_device *device, const struct vfio_variant_report *report,
                    int error, const struct bind_options *options);
int outcome_of_unbind(struct vfio_variant_device *device, const struct vfio_variant_report *report,
                      int error);
int outcome_of_claim(struct vfio_variant_device *device, const struct vfio_variant_report *report,
                     int error);
