/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Watches a process that unbinds devices: their drivers can wait for users for ever. */
#pragma once

#include "device_set.h"

/* What is done. */
struct watched {
        const struct device_set *set;
        const char *what;           /* "bind" or "unbind" */
        int (*run)(void *userdata); /* returns an exit status */
        void *userdata;
        int limit; /* in seconds, how long one of the devices may be being unbound: LIMIT_* */
};

/* For a command on the terminal. It is stated in vfio-variant(8). */
#define LIMIT_COMMAND 60
/* For a worker of udevd, whose events wait: it is no error. */
#define LIMIT_EVENT   3
#define LIMIT_NONE    -1
#define LIMIT_DRY_RUN 0 /* nothing is unbound */

/*
 * Calls run(). If a device of the set has a driver, or is being unbound, in a child process with a
 * session of its own: a driver that does not release its device is reported after a few seconds.
 * After the limit the child goes on alone, and logs to the journal.
 *
 * Returns the exit status of run(); EXIT_FAILURE after the limit, or EXIT_SUCCESS for an event.
 */
int run_watched(const struct watched *watched);
