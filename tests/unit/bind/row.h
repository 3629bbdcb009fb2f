/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A row of the tables of binding: how the device is before, what fails, how it must be after. */
#pragma once

#include "bind.h"
#include "kernel.h"

#define DEVICE    "0000:00:01.0"
#define DIRECTORY SYS_ROOT DEVICE
#define OTHER     "0000:00:02.0" /* with the same IDs, on its native driver */

struct row {
        const char *why;
        const char *previous_driver, *override; /* before */
        const struct bind_driver *wanted, *fallback;
        const char *fails; /* the write to it, the FAILS_ATth, fails by ERROR */
        int fails_at, error;
        /* After */
        int r;
        enum vfio_variant_result result;
        enum bind_step step, fallback_step;
        const char *current_driver, *override_after, *log;
};

#define NO_ERROR NULL, 0, 0

/*
 * Good variant, one whose probe refuses, the generic, a native driver; pci-stub and a VFIO driver
 * that are built in.
 */
extern const struct kernel_driver usual_drivers[];

/* The same without a native driver, and with the generic one there. */
extern const struct kernel_driver lone_drivers[];

/* Enters a /sys with DEVICE as ROW has it before, and OTHER. The kernel is still to be run. */
struct kernel row_enter(const struct row *row, const struct kernel_driver *drivers);

/* The request for these two. */
struct bind_request row_request(const struct bind_driver *wanted,
                                const struct bind_driver *fallback);

/* Fails unless all is as ROW, the I'th, has it after. LOG: the kernel's. */
void row_check(const struct row *row, int i, const struct bind_report *report, int r,
               const char *log);

/* OTHER: nobody is to touch it. */
void row_check_other(void);
