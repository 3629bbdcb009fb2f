/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What bind, unbind and claim share: the state before, the report, and queries. */
#pragma once

#include "bind_request.h"
#include "device_handle.h"

/* The state of an operation on a device. Names are unescaped, those in the report escaped. */
struct bind_state {
        const struct handle *handle;
        const struct bind_request *request;
        struct bind_report *report;
        int lock_fd;                       /* of device_lock() */
        char previous_driver[DRIVER_SIZE]; /* "" if it was bound to none */
        int previous_driver_fd;     /* of its directory, so that the same driver is bound again */
        char override[DRIVER_SIZE]; /* the previous driver_override, or "" */
        /* The driver that is tried now: 0 is the wanted one, 1 the fallback. NAME is its name on
         * the bus. */
        unsigned place;
        char name[NAME_SIZE];
        bool is_done;   /* it was bound to the wanted driver before */
        bool is_failed; /* a guard refused, or all drivers failed */
        int error;
};

/* Clears the report, except for the wanted driver. */
void bind_report_begin(const struct bind_request *request, struct bind_report *ret);

/*
 * Begins the report, locks the device, and reads its current driver. Returns 0, or a negative
 * errno, which is in the report as well. bind_state_end() must be called in either case.
 */
int bind_state_start(struct bind_state *state, const struct handle *handle,
                     const struct bind_request *request, struct bind_report *report);

/* Sets the current driver in the report, and unlocks the device. */
void bind_state_end(struct bind_state *state);

/*
 * Records in ATTEMPT that STEP failed with ERROR; or, if the device was removed or is another, that
 * instead. Returns the recorded negative errno.
 */
int bind_state_fail(const struct bind_state *state, struct vfio_variant_attempt *attempt,
                    enum bind_step step, int error);

/*
 * Returns -ENODEV or -ESTALE if that was recorded, so that nothing more may be done by the device's
 * name; else 0.
 */
int bind_state_loss(const struct bind_state *state);

/* *ret: the current driver, escaped; "" for none. It is unchanged if it cannot be read. */
void bind_state_get_driver(const struct bind_state *state, char ret[DRIVER_SIZE]);

/* Is the device bound to the driver NAME ("": to none)? Returns 1, 0 or a negative errno. */
int bind_state_is_bound_to(const struct bind_state *state, const char *name);

/*
 * Loads the modules for the device's modalias, and probes the device with the drivers of its bus.
 * Returns 0, or a negative errno, which is recorded in ATTEMPT: of the probe, or else of the
 * loading.
 */
int bind_state_probe_native(const struct bind_state *state, struct vfio_variant_attempt *attempt);
