/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Uses of a device's network interfaces. Used by the network guard only. Each function returns 1
 * and sets *ret if it finds a use, 0 if not (*ret is unchanged), or a negative errno.
 */
#pragma once

#include "guards.h"
#include "network_interfaces.h"

/*
 * Sets *ret to "INTERFACE on LOWER WHAT WHICH"; without " on LOWER" if INTERFACE is the device's
 * own. Returns 1.
 */
int network_report(const struct interface *interface, const char *what, const char *which,
                   struct finding *ret);

/* An interface that is up has an address, a route or a next hop. */
int network_check_addresses(struct snapshot *snapshot, const struct interface *interfaces,
                            struct finding *ret);

/* Another interface depends on one of the device's: it is a port, or a lower device. */
int network_check_upper(struct snapshot *snapshot, const struct interface *interfaces,
                        struct finding *ret);

/* An XDP or tc program, a PPPoE session, a packet socket. */
int network_check_programs(const struct interface *interfaces, struct finding *ret);
int network_check_sockets(struct snapshot *snapshot, const struct interface *interfaces,
                          struct finding *ret);

/* An interface of the device is in another network namespace. */
int network_check_moved(struct snapshot *snapshot, const struct handle *handle,
                        struct finding *ret);

/*
 * Reads snapshot->network_namespaces and ->foreign once. What cannot be read is missing: without
 * CAP_SYS_ADMIN, all.
 */
void network_namespaces_read(struct snapshot *snapshot);

/*
 * Sets *ret to "its interface NAME is in the network namespace of process PID (COMM)" and returns
 * true. Returns false if none is found: without CAP_SYS_ADMIN, before Linux 5.2, or if the
 * namespace has neither a process nor a name.
 */
bool network_namespaces_find(struct snapshot *snapshot, const struct handle *handle,
                             struct finding *ret);
