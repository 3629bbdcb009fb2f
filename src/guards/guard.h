/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The guards, used by guards.c only. Each returns 1 and sets *ret if it found something, 0 if not
 * (*ret is unchanged), or a negative errno if it could not be checked.
 */
#pragma once

#include "device_handle.h"
#include "finding.h"

int guard_header(const struct handle *handle, struct finding *ret);
int guard_iommu(const struct handle *handle, struct finding *ret);
int guard_display(const struct handle *handle, struct finding *ret);
int guard_no_iommu(const struct handle *handle, struct finding *ret);
int guard_no_group(const struct handle *handle, struct finding *ret);
int guard_functions(const struct handle *handle, struct finding *ret);
int guard_group(const struct handle *handle, const struct companions *companions,
                struct finding *ret);
int guard_block(const struct handle *handle, struct finding *ret);
int guard_block_exclusive(const struct handle *handle, struct finding *ret);
int guard_network(const struct handle *handle, struct finding *ret);
int guard_vfio_user(const struct handle *handle, struct finding *ret);
int guard_open(const struct handle *handle, struct finding *ret);
