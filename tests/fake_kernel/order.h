/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Orders: what is to go otherwise than it would, and when. */
#pragma once

#include <stdbool.h>

#include "kernel.h"

enum order_on {
        ON_WRITE,   /* the Nth write to an attribute */
        ON_REQUEST, /* the Nth request of any kind */
        ON_STEP,    /* the Nth that is no write: a step and what was checked for it go together */
};

enum order_what {
        ORDER_LINE,    /* do a line of the description first: something else happens meanwhile */
        ORDER_FAIL,    /* the write fails, and nothing is done */
        ORDER_LATE,    /* it is done, and yet the write fails */
        ORDER_NOTHING, /* it succeeds, and nothing is done */
        ORDER_GIVE,    /* that driver gets the device, regardless of its ids */
        ORDER_BLOCK,   /* it waits until it is told to go on */
        ORDER_WAIT,    /* it waits that long */
};

struct order {
        enum order_on on;
        char *path;     /* ON_WRITE: a glob */
        long countdown; /* 0: each one */
        enum order_what what;
        int error;       /* negative errno */
        long wait;       /* ms */
        const char *arg; /* the driver's name, or the line */
        struct order *next;
};

/* Adds the order that a line "on ..." gives. Returns 0 or -EINVAL. */
int order_add(struct kernel *kernel, const struct words *words);

/* Told of each request: does the lines that are due now. */
void order_request(struct kernel *kernel, bool is_write);

/* Told of each write: does the lines that are due, and returns what else is; or NULL. */
const struct order *order_write(struct kernel *kernel, const char *path);

/* The errno that is called NAME, "EBUSY"; 0 for "0"; -1 where there is none. */
int order_errno(const char *name);
