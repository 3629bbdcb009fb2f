/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The network interfaces of a device, and those that are built on them. */
#pragma once

#include <linux/if.h>
#include <stdbool.h>
#include <stdint.h>

#include "snapshot.h"

/* Longer than any IFLA_INFO_KIND of the kernel */
#define INTERFACE_KIND_SIZE 32

struct interface {
        struct interface *next;
        char name[IFNAMSIZ];
        uint32_t index, master,
                link; /* master: its bridge or bond; link: its lower device; 0: none */
        char kind[INTERFACE_KIND_SIZE]; /* "bridge", "vlan"; "" for a network card's own */
        bool up;
        bool has_xdp;                  /* an XDP program is attached */
        bool has_tc;                   /* a qdisc for filters and programs of tc(8) is attached */
        const struct interface *lower; /* the interface below it; NULL for the device's own */
        const struct network_namespace *namespace; /* NULL: the caller's */
};

/*
 * Finds the interfaces of the device in this network namespace, and those that are built on one of
 * these: VLAN, macvlan, bridge, bond. *ret: a list in ARENA; each interface comes after the one
 * below it. Returns 0 or a negative errno.
 */
int interfaces_find(const struct handle *handle, struct snapshot *snapshot, struct arena *arena,
                    struct interface **ret);

/*
 * Adds to snapshot->foreign each interface of another network namespace that is built on one of the
 * caller's, whose namespace has this ID there. Its index is 0, because numbers of two namespaces
 * cannot be compared. NETLINK_FD: a socket of the other namespace. Returns 0 or a negative errno.
 */
int interfaces_add_foreign(int netlink_fd, uint32_t id, const struct network_namespace *namespace,
                           struct snapshot *snapshot);
