/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * An rtnetlink.c that reports the interfaces, addresses and routes of a test; test_rtnetlink.c
 * has the real one.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "sys.h"

#define DEVICE "0000:00:01.0"

struct link {
        const char *name;
        const char *kind; /* NULL: the message has none */
        uint32_t index, master, link;
        bool down, link_elsewhere, has_xdp, tells_no_xdp;
        uint32_t link_namespace; /* the number of the namespace of the link, if it is elsewhere */
};

struct address {
        uint32_t index;
        const char *address; /* NULL: the message has none */
        unsigned length;
        uint8_t scope;
};

struct route {
        uint32_t index, other_index; /* the other: of a second way, and then the first is one too */
        const char *to;              /* NULL: the default */
        unsigned length;
        uint8_t type, table;
};

struct qdisc {
        uint32_t index;
        const char *kind;
};

struct next_hop {
        uint32_t id, index;
};

extern struct fake_kernel {
        const struct link *links;
        const struct address *addresses;
        const struct route *routes;
        const struct qdisc *qdiscs;       /* NULL: none */
        const struct next_hop *next_hops; /* NULL: the kernel has no such objects */
        uint16_t fails;                   /* this request fails with EPERM */
        uint16_t changes;                 /* what this request lists changes in the meantime, */
        unsigned n_changes;               /* as often as this */
        void (*on_links)(void);           /* called before the interfaces are listed; NULL: none */
        /* Of each other namespace; NULL: none. */
        const struct link *foreign_links;
        bool refers_to_us; /* the number of this namespace there is 0 */
} kernel;

/* eth0 is the device's; eth1, another's. */
#define LINKS                                                                                      \
        {.name = "lo", .index = 1}, {.name = "eth1", .index = 3},                                  \
                {.name = "eth0.5", .index = 4, .master = 6, .link = 2}, /* a VLAN; br0 has it */   \
                {.name = "far", .index = 5, .link = 2, .link_elsewhere = true}, /* of another 2 */ \
                {.name = "br0", .index = 6}, {.name = "br0.7", .index = 7, .link = 6},             \
                {.name = "eth1.5", .index = 8, .link = 3}, {.name = "eth0", .index = 2}, {         \
        }

/* Without the interfaces that are built on eth0, which are a use of it. */
#define BARE_LINKS                                                                                 \
        {.name = "lo", .index = 1}, {.name = "eth1", .index = 3},                                  \
                {.name = "far", .index = 5, .link = 2, .link_elsewhere = true},                    \
                {.name = "eth1.5", .index = 8, .link = 3}, {                                       \
                .name = "eth0", .index = 2                                                         \
        }

/* Enters a /sys in which eth0 is an interface of DEVICE, and eth1 is not. */
void network_enter(void);
