/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The report of binding or unbinding a device. */
#pragma once

#include <stdbool.h>

#include "bind.h"
#include "cause.h"
#include "device_object.h"

struct vfio_variant_report {
        struct bind_report report;
        bool was_vfio; /* the previous driver */
        char cause[CAUSE_SIZE];
};

/* Returns NULL if memory is short. */
struct vfio_variant_report *report_new(const struct vfio_variant_device *device);

/*
 * Finds the cause, if unbind returned R and the device is bound to a VFIO driver again, or to none.
 */
void report_find_cause(struct vfio_variant_report *report, const char *modalias, int r);
