/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Checks one guard of a device, on the host as it is now. */
#pragma once

#include "guard.h"

static inline int check_guard(guard_fn guard, const struct handle *handle, struct finding *ret) {
        struct snapshot snapshot = {};
        int r = guard(&(struct guard_target){.handle = handle, .snapshot = &snapshot}, ret);

        snapshot_done(&snapshot);
        return r;
}
