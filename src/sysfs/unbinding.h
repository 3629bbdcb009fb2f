/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The record of a device that is being unbound. The kernel removes the device's link to its driver
 * before it calls the driver's remove function, which can wait for a user of the device for ever.
 * The record is a file in /run that is locked while the process that unbinds the device waits.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "device_handle.h"
#include "driver.h"

/* More than the nodes of a sound card with eight PCMs; the users of further nodes are not found. */
#define UNBINDING_NODES 32
/* "/dev/snd/controlC0"; a longer path is truncated. */
#define UNBINDING_PATH_SIZE 64

/* A node of the device, whose `dev` attribute the driver has removed by then. */
struct unbinding_node {
        dev_t number;
        bool is_block;
        char path[UNBINDING_PATH_SIZE];
};

struct unbinding {
        char driver[DRIVER_SIZE]; /* that the device is being unbound from */
        time_t since;             /* seconds, of CLOCK_BOOTTIME */
        unsigned n_nodes;
        struct unbinding_node nodes[UNBINDING_NODES];
};

/*
 * Writes the record, with the time. Returns a descriptor that keeps it, or a negative errno: the
 * device can be unbound all the same.
 */
int unbinding_begin(const struct handle *handle, struct unbinding *unbinding);

/* Removes the record. FD: of unbinding_begin(), which may be negative. */
void unbinding_end(const struct handle *handle, int fd);

/* Is the device being unbound? Returns 1 and the record, or 0. */
int unbinding_read(const struct handle *handle, struct unbinding *ret);

/* The seconds since then. */
unsigned unbinding_seconds(const struct unbinding *unbinding);
