/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The state of a device, as `list` prints it. */
#pragma once

#include <stdbool.h>

#include "vfio-variant.h"

enum state {
        STATE_BOUND,     /* to a VFIO driver */
        STATE_RESERVED,  /* bound to pci-stub or Xen's pciback, for a guest */
        STATE_READY,     /* no guard prevents it from being bound */
        STATE_NOT_READY, /* a guard does */
        STATE_UNBINDING, /* its driver has not released it yet */
        STATE_NO_IOMMU,  /* it has no IOMMU group, and is not in use */
        STATE_UNFIT,     /* no VFIO driver matches */
        STATE_BRIDGE,    /* cannot be assigned to a guest */
        STATE_IOMMU,     /* cannot be assigned to a guest either */
        STATE_UNKNOWN,   /* an error, as without a module index */
};

/* Space for a driver's name; for a reason, and for that together with what is before it. */
#define STATE_DRIVER_SIZE 256
#define REASON_SIZE       768
#define STATE_SIZE        (REASON_SIZE + 32)

struct device_state {
        enum state state;
        int type;                       /* enum vfio_variant_type, or a negative errno */
        bool is_tagged;                 /* VFIO_VARIANT_BIND is 1 or force */
        bool can_force;                 /* past what prevents binding it, if anything does */
        unsigned unexamined;            /* processes that guards could not examine */
        char driver[STATE_DRIVER_SIZE]; /* the current driver; "": none */
        /* A clause: "current driver nvme: /dev/nvme0n1p2 is mounted on /"; "": none */
        char reason[REASON_SIZE];
};

/*
 * Reads the state, consistent as of one moment. Returns 0, or the negative errno of what could not
 * be determined: the state (STATE_UNKNOWN), or the choice of a bound or reserved device.
 */
int state_of(struct vfio_variant_device *device, struct device_state *ret);

/* Whether such a device can be assigned to a guest. */
bool state_is_for_guests(enum state state);

/* "not-ready", for JSON; and "tagged, not ready", for a column of a table. Static. */
const char *state_name(enum state state);
const char *state_text(const struct device_state *state);

/* The same with the reason: "tagged, current driver nvme: /dev/nvme0n1p2 is mounted on /". */
void state_describe(const struct device_state *state, char ret[STATE_SIZE]);

/* "green" for a bound device, "red" for a tagged device that is not bound; NULL. */
const char *state_colour(const struct device_state *state);
