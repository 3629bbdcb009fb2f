/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A row of the tables of bind tests: the state before, what fails, and the state after. */
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
        const char *fails; /* the attribute whose write number FAILS_AT fails with ERROR */
        int fails_at, error;
        /* After */
        int r;
        enum vfio_variant_result result;
        enum bind_step step, fallback_step;
        const char *current_driver, *override_after, *log;
};

#define NO_ERROR NULL, 0, 0

/*
 * A good variant, one whose probe fails, the generic driver, a native driver; pci-stub and a VFIO
 * driver that are built in.
 */
extern const struct kernel_driver usual_drivers[];

/* Without a native driver, and with the generic one loaded. */
extern const struct kernel_driver lone_drivers[];

/* Enters a /sys with OTHER, and DEVICE as it is before in ROW. The caller runs the kernel. */
struct kernel row_enter(const struct row *row, const struct kernel_driver *drivers);

/* The request for these two drivers. */
struct bind_request row_request(const struct bind_driver *wanted,
                                const struct bind_driver *fallback);

/* Fails unless the state is as after in ROW, number I. LOG: of the kernel. */
void row_check(const struct row *row, int i, const struct bind_report *report, int r,
               const char *log);

/* Fails unless OTHER is unchanged. */
void row_check_other(void);

/* bind_devices() of one device. Returns its error. */
int bind_device(const struct handle *handle, const struct bind_request *request,
                struct bind_report *ret);
