/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The command line of the helper. */
#pragma once

#include <stdbool.h>

/* libkmod itself reads five. */
#define OPTIONS_N_DIRECTORIES_MAX 15

struct options {
        bool nodes_only;                         /* no choice, just the nodes of a device */
        const char *modules_directory;           /* NULL: the running kernel's */
        const char *const *modprobe_directories; /* NULL: the system's; else ends in NULL */
        const char *argument; /* DEVICE or MODALIAS; NULL: the environment has it */
        const char *directories[OPTIONS_N_DIRECTORIES_MAX +
                                1]; /* what modprobe_directories points to */
};

/*
 * Reads the command line ARGV, which ends in NULL. Returns 1 where there is a question to choice; 0
 * where --help or --version was all, and was printed; -EINVAL for wrong usage, which was told; or
 * another negative errno, of what could not be printed.
 */
int options_parse(char **argv, struct options *ret);
