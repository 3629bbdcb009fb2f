/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The verbs that a program outside of this project could have written, with the shared library. */
#include <stddef.h>

#include "commands.h"
#include "program.h"

static const struct command *const commands[] = {&command_list, &command_info,   &command_monitor,
                                                 &command_bind, &command_unbind, NULL};

const struct program program = {"vfio-variant", "", commands};
