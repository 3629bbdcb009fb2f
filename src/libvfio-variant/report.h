/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The report of binding or unbinding a device. */
#pragma once

#include <stdbool.h>

#include "bind.h"
#include "cause.h"
#include "device_object.h"

struct vfio_variant_attempt {
        const char *driver;
        const struct bind_failure *failure;
};

/* The wanted driver, its fallback, and those that are ranked below. */
#define N_ATTEMPTS (2 + BIND_ATTEMPTS)

struct vfio_variant_report {
        struct bind_report report;
        bool was_vfio;          /* the previous driver */
        char wanted[NAME_SIZE]; /* the wanted driver, before its name on the bus is known */
        char cause[CAUSE_SIZE];
        struct vfio_variant_attempt attempts[N_ATTEMPTS], restore;
        unsigned n_attempts;
};

/* WANTED: the driver to bind. Returns NULL if memory is short. */
struct vfio_variant_report *report_new(const struct vfio_variant_device *device,
                                       const char *wanted);

/* Lists the attempts, once `report` is set. */
void report_list_attempts(struct vfio_variant_report *report);

/*
 * Finds the cause, if unbind returned R and the device is bound to a VFIO driver again, or to none.
 */
void report_find_cause(struct vfio_variant_report *report, const char *modalias, int r);
