/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One driver after the other is tried for a device, in rank order. */
#pragma once

#include "bind_state.h"

/* What is noted of the driver that is tried now. */
struct bind_failure *attempt_failure(const struct act *act);

/*
 * Finds the driver to be tried, from act->place on, the first whose module can be loaded and that
 * is on the bus: act->place and act->name. Failures are noted. Returns 0; -ENOENT if there are no
 * more; or another negative errno.
 */
int attempt_load(struct act *act);

/* Goes on to the next driver, and as attempt_load(). */
int attempt_next(struct act *act);

/* Writes the driver_override for act->name, and unbinds the device from its current driver. */
int attempt_release(const struct act *act);

/* Has the driver act->name probe the released device, and checks that it is bound to it. */
int attempt_take(const struct act *act);

/* Is the device bound to the driver that is tried now? */
bool attempt_is_done(const struct act *act);
