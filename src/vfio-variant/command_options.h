/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The command line of a verb. */
#pragma once

#include <getopt.h>
#include <stdbool.h>

/* All that any verb has; each takes its own of them. */
struct options {
        bool force, dry_run, tagged, group, now, all, json, no_legend;
        const char *driver;       /* NULL where it isn't given, and so the others */
        const char *modalias;     /* a glob */
        const char *functions_of; /* a DEVICE */
        const char *pin;
        char **devices; /* end in NULL */
};

/* What getopt_long(3) returns for each; beyond any letter, since there are no short ones. */
enum {
        OPTION_FORCE = 256,
        OPTION_DRY_RUN,
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
        OPTION_HELP,
};

/*
 * Reads the words of a verb, ARGV[0], which end in NULL, by KNOWN. Returns 1 where there is
 * something to do; 0 where HELP was all, and was printed; -EINVAL for wrong usage, which was told.
 */
int options_parse(int argc, char **argv, const struct option *known, const char *help,
                  struct options *ret);
