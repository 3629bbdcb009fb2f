/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How it stands with a device: what `list` says in its last column. */
#pragma once

#include <stdbool.h>

#include "vfio-variant.h"

enum state {
        STATE_BOUND,     /* a VFIO driver holds it */
        STATE_RESERVED,  /* a stub or Xen does, which keep it for a guest as well */
        STATE_READY,     /* nothing speaks against binding it */
        STATE_NOT_READY, /* something does */
        STATE_NO_IOMMU,  /* it has no IOMMU group, and nothing worse */
        STATE_UNFIT,     /* no VFIO driver is for it */
        STATE_BRIDGE,    /* no guest can have one */
        STATE_IOMMU,     /* nor one that is itself an IOMMU */
        STATE_UNKNOWN,   /* an error, as without a module index */
};

/* Space for a driver's name; for a reason, and for that together with what is before it. */
#define STATE_DRIVER_SIZE 256
#define REASON_SIZE       768
#define STATE_SIZE        (REASON_SIZE + 32)

struct device_state {
        enum state state;
        bool is_tagged;                 /* VFIO_VARIANT_BIND is 1 or force */
        bool can_force;                 /* past what prevents binding it, if anything does */
        char driver[STATE_DRIVER_SIZE]; /* that holds it; "": none does */
        /* Why it is so, a clause: "held by nvme: /dev/nvme0n1p2 is mounted on /"; "": that goes
         * without saying */
        char reason[REASON_SIZE];
};

/*
 * How it stands, as of one moment. Returns 0 or the negative errno of what could not be found out:
 * with STATE_UNKNOWN, or, of a device that is bound or reserved, which VFIO driver fits it.
 */
int state_of(struct vfio_variant_device *device, struct device_state *ret);

/* Can a guest have such a device at all? */
bool state_is_for_guests(enum state state);

/* "not-ready", for JSON; and "tagged, not ready", for a column of a table. Static. */
const char *state_name(enum state state);
const char *state_text(const struct device_state *state);

/* The same with the reason: "tagged, held by nvme: /dev/nvme0n1p2 is mounted on /". */
void state_describe(const struct device_state *state, char ret[STATE_SIZE]);

/* "green" where all is well, "red" where a tagged device is not; NULL. */
const char *state_colour(const struct device_state *state);
