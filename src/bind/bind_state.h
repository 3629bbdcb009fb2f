/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What binding, unbinding and claiming share: the state before, the report, small questions. */
#pragma once

#include "bind.h"

/* An act under way. Names are as the kernel has them; the report shows them escaped. */
struct act {
        const struct handle *handle;
        const struct bind_request *request;
        struct bind_report *report;
        char had[DRIVER_SIZE];      /* the driver before; "" for none */
        int had_fd;                 /* of its directory, so that no other can be given the device */
        char override[DRIVER_SIZE]; /* the driver_override before; "" for none */
        /* The driver that is tried now: 0 is the wanted one, 1 the fallback. Its name on the bus.
         */
        unsigned place;
        char name[NAME_SIZE];
        bool is_done;   /* it was bound to the wanted driver before */
        bool is_failed; /* a guard refused it, or no driver took it */
        int error;
};

/*
 * Clears the report, takes the lock, and notes who holds the device now. Returns 0, or a negative
 * errno that is in the report, too; act_end() is called in any case.
 */
int act_start(struct act *act, const struct handle *handle, const struct bind_request *request,
              struct bind_report *report);

/* Notes who holds the device in the end. */
void act_end(struct act *act);

/*
 * Notes in FAILURE that STEP failed with ERROR; or, where that is why, that the device is not there
 * any more or is another. Returns the negative errno that it noted.
 */
int act_fail(const struct act *act, struct bind_failure *failure, enum bind_step step, int error);

/* What was noted if the device is gone, after which nothing more is done by its name: -ENODEV or
 * -ESTALE; else 0. */
int act_loss(const struct act *act);

/* Who holds the device, fit to be shown; "" for nobody. Left alone where that can't be read. */
void act_show_holder(const struct act *act, char ret[DRIVER_SIZE]);

/* Does the driver NAME hold the device; NAME "": does none? Returns 1, 0 or a negative errno. */
int act_is_held_by(const struct act *act, const char *name);

/*
 * Has the modules loaded that the device's modalias asks for, and offers the device to the drivers
 * of its bus. Returns 0, or a negative errno that FAILURE tells: of the probe, else of the loading.
 */
int act_offer(const struct act *act, struct bind_failure *failure);
