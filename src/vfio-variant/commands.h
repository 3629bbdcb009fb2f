/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The commands, one file each. */
#pragma once

#include "command_options.h"
#include "vfio-variant.h"

/* Any number of arguments. */
#define ARGUMENTS_ANY (~0U)

struct command {
        const char *name;
        const char *help;         /* after "Usage: PROGRAM " */
        const char *argument;     /* what each argument is, for messages */
        int options[OPTIONS_MAX]; /* OPTION_..., but --help and --version; ends in 0 */
        unsigned min_arguments, max_arguments;
        /* Returns the exit status. */
        int (*run)(struct vfio_variant *context, const struct options *options);
};

extern const struct command command_list, command_info, command_explain, command_check,
        command_monitor, command_bind, command_unbind, command_tag, command_untag;

/* For the help of commands with a DEVICE. */
#define HELP_DEVICE                                                                                \
        "DEVICE is a sysname (0000:3b:00.1), a syspath (/sys/...), a PCI address without\n"        \
        "its domain (3b:00.1), or the name of a network interface.\n"
