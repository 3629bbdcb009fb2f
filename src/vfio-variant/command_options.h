/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The command line: options, which may precede or follow the command, the command, its arguments.
 */
#pragma once

#include <stdbool.h>

/* How --json prints. */
enum json_format {
        JSON_OFF,
        JSON_DEFAULT, /* as the command usually does */
        JSON_PRETTY,
        JSON_SHORT, /* on one line */
};

/* Space for the number of options. */
#define OPTIONS_MAX 16

/* The options of all commands. */
struct options {
        bool is_given[OPTIONS_MAX]; /* by their row in the table of all options */
        bool help, version;
        bool force, dry_run, tagged, group, now, all, no_legend, initramfs;
        enum json_format json;
        const char *columns; /* NULL if it is not given, and likewise the following */
        const char *driver;
        const char *modalias;     /* a glob */
        const char *functions_of; /* a DEVICE */
        const char *pin;
        const char *command; /* NULL if there is none */
        char **devices;      /* its arguments, ending in NULL */
        unsigned n_devices;
};

/* What getopt_long(3) returns for each option: its short form, or a number above all characters. */
enum {
        OPTION_HELP = 'h',
        OPTION_VERSION = 'V',
        OPTION_DRY_RUN = 'n',
        OPTION_OUTPUT = 'o',
        OPTION_FORCE = 256,
        OPTION_TAGGED,
        OPTION_GROUP,
        OPTION_NOW,
        OPTION_ALL,
        OPTION_JSON,
        OPTION_NO_LEGEND,
        OPTION_DRIVER,
        OPTION_MODALIAS,
        OPTION_FUNCTIONS_OF,
        OPTION_PIN,
        OPTION_INITRAMFS,
};

/* Parses the command line. Returns EXIT_SUCCESS, or EXIT_USAGE after a message. */
int options_parse(int argc, char **argv, struct options *ret);

/* Checks that each option that is given is one of ACCEPTED, which ends in 0. --help and --version
 * always are. Returns as above. */
int options_check(const struct options *options, const int *accepted);
