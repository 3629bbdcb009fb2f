/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tries drivers for a device, in rank order. */
#pragma once

#include "bind_state.h"

/* Returns the record of the driver that is tried now. */
struct bind_failure *attempt_failure(const struct act *act);

/*
 * Finds the driver to try, from state->place on: the first whose module can be loaded and that is
 * on the bus. Sets state->place and state->name, and records failures. Returns 0; -ENOENT if there
 * are no more; or another negative errno.
 */
int attempt_load(struct act *act);

/* Finds the next driver, as attempt_load(). */
int attempt_next(struct act *act);

/* Writes state->name to driver_override, and unbinds the device from its current driver. */
int attempt_release(const struct act *act);

/* Probes the unbound device with the driver state->name, and verifies that it is bound to it. */
int attempt_take(const struct act *act);

/* Is the device bound to the driver that is tried now? */
bool attempt_is_done(const struct act *act);
