/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tries drivers for a device, in rank order. */
#pragma once

#include "bind_state.h"

/*
 * Finds the driver to try, from state->place on: the first whose module can be loaded and that is
 * on the bus. Sets state->place and state->name, and records failures. Returns 0; -ENOENT if there
 * are no more; or another negative errno.
 */
int attempt_load(struct bind_state *state);

/* Finds the next driver, as attempt_load(). */
int attempt_next(struct bind_state *state);

/* Writes state->name to driver_override, and unbinds the device from its current driver. */
int attempt_unbind(const struct bind_state *state);

/* Probes the unbound device with the driver state->name, and verifies that it is bound to it. */
int attempt_probe(const struct bind_state *state);
