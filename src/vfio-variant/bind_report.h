/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The result of binding or unbinding a device, as text. */
#pragma once

#include <stdbool.h>

#include "cleanup.h"
#include "vfio-variant.h"

/* How devices are bound, and what is reported. */
struct bind_options {
        const char *driver; /* NULL: the choice of each */
        unsigned flags;     /* enum vfio_variant_flags */
        bool is_for_tag;    /* the devices are bound because they are tagged */
        bool is_quiet;      /* a device that is already bound is not reported */
        bool is_event;      /* a worker of udevd waits */
};

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
