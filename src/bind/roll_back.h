/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Roll-back: restores the previous driver and driver_override of a device. */
#pragma once

#include "bind_state.h"

/*
 * Is there anything to restore? Also true if this operation wrote nothing: a driver_override that a
 * rule wrote before keeps the native driver from binding.
 */
bool roll_back_is_due(const struct bind_state *state);

/*
 * Was driver_override written before for this very operation, by a rule or by a process that was
 * killed?
 */
bool roll_back_override_is_ours(const struct bind_state *state);

/* Restores driver and driver_override. Failures are recorded in the report. */
void roll_back(const struct bind_state *state);
