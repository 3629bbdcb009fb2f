/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of verbs. */
#include "commands.h"

#include <stddef.h>

/* bind-added is for udev's rules alone, and is in no help or completion. */
const struct verb *const verbs[] = {&verb_list,    &verb_info,  &verb_explain, &verb_check,
                                    &verb_monitor, &verb_bind,  &verb_unbind,  &verb_bind_added,
                                    &verb_tag,     &verb_untag, &verb_claim,   NULL};
