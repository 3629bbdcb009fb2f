/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The other network namespaces of the host, a process in each, and their interfaces. */
#pragma once

#include "finding.h"
#include "snapshot.h"

/*
 * Sets *ret to "its interface NAME is in the network namespace of process PID (COMM)" and returns
 * true. Returns false if none is found: without CAP_SYS_ADMIN, before Linux 5.2, or if the
 * namespace has no process.
 */
bool network_namespaces_find(struct snapshot *snapshot, const struct handle *handle,
                             struct finding *ret);
