/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The command line of the helper. */
#pragma once

#include <stdbool.h>

/* libkmod reads five by default. */
#define OPTIONS_N_DIRECTORIES_MAX 15

struct options {
        bool nodes_only;                         /* no choice, only the nodes of a device */
        const char *modules_directory;           /* NULL: the running kernel's */
        const char *const *modprobe_directories; /* NULL: the system's; ends in NULL */
        const char *argument; /* DEVICE or MODALIAS; NULL: from the environment */
        const char
                *directories[OPTIONS_N_DIRECTORIES_MAX + 1]; /* the array of modprobe_directories */
};

/*
 * Parses the command line ARGV (ends in NULL). Returns 1 if a device is asked for; 0 if --help or
 * --version was printed; -EINVAL for wrong usage, which is logged; or another negative errno if
 * printing failed.
 */
int options_parse(char **argv, struct options *ret);
