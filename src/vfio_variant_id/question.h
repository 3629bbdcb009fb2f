/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the helper looks up: from the environment of udev, or from its argument. */
#pragma once

#include <stdbool.h>

#include "device.h"
#include "modalias.h"
#include "options.h"
#include "vfio_node.h"

/* The exit status of the helper on failure. */
enum {
        EXIT_USAGE = 2,
};

/* The device that is looked up. */
struct question {
        const char *modalias;
        const char *pin;                        /* NULL: none */
        char physfn[SYSNAME_SIZE];              /* "": not a virtual function, or unknown */
        bool is_bound;                          /* it is bound to a VFIO driver */
        char cdev[NODE_SIZE], group[NODE_SIZE]; /* if it is bound to a VFIO driver; "": none */
        char attribute[MODALIAS_KEY_SIZE];
};

/*
 * Sets *ret from OPTIONS, or from the environment if they name no device, and reads what is missing
 * from the device. Returns 0, or an exit status after logging the error.
 */
int question_read(struct question *ret, const struct options *options);
