/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The report of binding or unbinding a device. */
#pragma once

#include <stdbool.h>

#include "bind.h"
#include "device_object.h"
#include "place.h"

/* The size of two places and the text around them. */
#define CAUSE_SIZE (2 * PLACE_SIZE + 512)

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

/*
 * *ret: a clause with the lines that make DRIVER, a VFIO driver, or vfio-pci bind a device with
 * MODALIAS; "" if none is found.
 */
void cause_find(const char *modalias, const char *driver, char ret[CAUSE_SIZE]);
