/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Roll-back: a device gets its previous driver and driver_override again. */
#pragma once

#include "bind_state.h"

/* Is there anything to restore? Also if nothing was written by this act: a driver_override that a
 * rule wrote ahead keeps the native driver away. */
bool roll_back_is_due(const struct act *act);

/* Was driver_override written ahead for this very binding, by a rule or by a process that was
 * killed? */
bool roll_back_override_is_ours(const struct act *act);

/* Restores driver and driver_override; failures are in the report. */
void roll_back(const struct act *act);
