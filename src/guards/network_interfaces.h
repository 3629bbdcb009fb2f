/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The network interfaces behind a device, with all that is built upon them. */
#pragma once

#include <linux/if.h>
#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "device_handle.h"

/* Longer than each IFLA_INFO_KIND of the kernel */
#define INTERFACE_KIND_SIZE 32

struct interface {
        struct interface *next;
        char name[IFNAMSIZ];
        uint32_t index, master, link; /* master: its bridge or bond; link: a VLAN's own; 0: none */
        char kind[INTERFACE_KIND_SIZE]; /* "bridge", "vlan"; "" for a network card's own */
        bool up;
        bool has_xdp;                  /* an XDP program is attached */
        bool taken;                    /* it goes with the device, or loses something by it */
        const struct interface *under; /* by which it does; NULL for the device's own */
};

/*
 * Finds all interfaces of this network name space, and marks as `taken` those of the device and
 * those that are built upon one: VLAN, macvlan, bridge, bond. *ret lies in ARENA. Returns 0 or a
 * negative errno.
 */
int interfaces_find(const struct handle *handle, struct arena *arena, struct interface **ret);
