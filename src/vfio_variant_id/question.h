/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the helper is asked: of udev's environment, or of its argument. */
#pragma once

#include <stdbool.h>

#include "device.h"
#include "options.h"
#include "vfio_node.h"

/* The helper's exit status, where it is not 0. */
enum {
        EXIT_TROUBLE = 1,
        EXIT_USAGE = 2,
};

/* PAGE_SIZE bounds a sysfs attribute. */
#define ATTRIBUTE_SIZE 4096

/* What is asked. */
struct question {
        const char *modalias;
        const char *pin;           /* NULL: none */
        char physfn[SYSNAME_SIZE]; /* "": the device is not known to be a virtual function */
        bool is_bound;             /* a VFIO driver holds the device */
        char cdev[NODE_SIZE], group[NODE_SIZE]; /* then; "": it has none */
        char attribute[ATTRIBUTE_SIZE];
};

/*
 * Fills in *ret from OPTIONS, or, if they name no device, from the environment, and reads of the
 * device what is missing. Returns 0, or an exit status, whose reason was told.
 */
int question_ask(struct question *ret, const struct options *options);
