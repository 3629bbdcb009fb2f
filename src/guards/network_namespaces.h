/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The other network namespaces of the host, a process in each or its name, and their interfaces. */
#pragma once

#include "finding.h"
#include "snapshot.h"

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
