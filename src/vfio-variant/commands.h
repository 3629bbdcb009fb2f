/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The verbs, one file each. */
#pragma once

#include "command_options.h"
#include "vfio-variant.h"

struct command {
        const char *name;
        const char *help;
        const struct option *options; /* end in a NULL name */
        /* Returns the exit status. */
        int (*run)(struct vfio_variant *context, const struct options *options);
};

extern const struct command command_list, command_info, command_explain, command_check,
        command_monitor, command_bind, command_bind_added, command_unbind, command_tag,
        command_untag, command_claim;

/* Ends in NULL. */
extern const struct command *const commands[];

/* What DEVICE is, for the help of those that take one. */
#define HELP_DEVICE                                                                                \
        "DEVICE is a sysname (0000:3b:00.1), a syspath (/sys/...), a PCI address without\n"        \
        "its domain (3b:00.1), or the name of a network interface.\n"
