/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The guards, used by guards.c only. Each returns 1 and sets *ret if it found something, 0 if not
 * (*ret is unchanged), or a negative errno if it could not be checked; -EACCES if processes could
 * not be examined, whose number is in *ret then.
 */
#pragma once

#include "device_handle.h"
#include "finding.h"
#include "snapshot.h"

/* What a guard checks. */
struct guard_target {
        const struct handle *handle;
        const struct companions *companions; /* may be NULL */
        struct snapshot *snapshot;           /* of the host */
};

typedef int (*guard_fn)(const struct guard_target *target, struct finding *ret);

int guard_header(const struct guard_target *target, struct finding *ret);
int guard_class(const struct guard_target *target, struct finding *ret);
int guard_display(const struct guard_target *target, struct finding *ret);
int guard_no_iommu(const struct guard_target *target, struct finding *ret);
int guard_no_group(const struct guard_target *target, struct finding *ret);
int guard_share(const struct guard_target *target, struct finding *ret);
int guard_functions(const struct guard_target *target, struct finding *ret);
int guard_group(const struct guard_target *target, struct finding *ret);
int guard_block(const struct guard_target *target, struct finding *ret);
int guard_block_exclusive(const struct guard_target *target, struct finding *ret);
int guard_input(const struct guard_target *target, struct finding *ret);
int guard_network(const struct guard_target *target, struct finding *ret);
int guard_root(const struct guard_target *target, struct finding *ret);
int guard_vfio_user(const struct guard_target *target, struct finding *ret);
int guard_open(const struct guard_target *target, struct finding *ret);
int guard_unbinding(const struct guard_target *target, struct finding *ret);

struct device_node;

/* As a guard: a process has one of NODES (NULL: none) open. */
int find_node_user(const struct device_node *nodes, struct snapshot *snapshot, struct finding *ret);
