/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of commands. */
#include "commands.h"

#include <stddef.h>

/* bind-added is run only by the udev rules, and is in no help or completion. */
const struct command *const commands[] = {&command_list,   &command_info,       &command_explain,
                                          &command_check,  &command_monitor,    &command_bind,
                                          &command_unbind, &command_bind_added, &command_tag,
                                          &command_untag,  &command_claim,      NULL};
