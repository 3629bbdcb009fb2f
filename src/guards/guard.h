/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The guards, used by guards.c only. Each returns 1 and sets *ret if it found something, 0 if not
 * (*ret is unchanged), or a negative errno if it could not be checked.
 */
#pragma once

#include "guards.h"
#include "open_files.h"

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

/* Sets *ret to the given strings, escaped. Returns 1. */
#define finding_set(ret, guard, ...)                                                               \
        finding_set_parts(ret, guard, (const char *[]){__VA_ARGS__, NULL})

/* PARTS ends in NULL. */
int finding_set_parts(struct finding *ret, enum guard guard, const char *const *parts);

/* Sets *ret to "process PID (COMM) has NODE open". Returns 1. */
int finding_set_user(struct finding *ret, enum guard guard, const struct open_file *file,
                     const char *node);
