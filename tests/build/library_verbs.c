/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The verbs that a program outside of this project could have written, with the shared library. */
#include <stddef.h>

#include "commands.h"

const struct verb *const verbs[] = {&verb_list, &verb_info,   &verb_monitor,
                                    &verb_bind, &verb_unbind, NULL};
