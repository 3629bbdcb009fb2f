/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The commands that the udev rules and units run. */
#pragma once

#include "commands.h"

extern const struct command command_bind_added, command_claim;
