/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The command line of a verb. */
#include "command_options.h"

#include <errno.h>
#include <stdio.h>

#include "messages.h"

/* What getopt_long(3) found wrong: with the word before the next, or with the letter CODE. */
static int report_wrong(char **argv, int found, int code) {
        const char letter[] = {'-', (char)code, '\0'};
        const char *word = argv[optind - 1];

        if (found == ':')
                return wrong_usage("give a value to ", word);
        if (code >= OPTION_FORCE)
                return wrong_usage("no value goes with ", word);
        return wrong_usage("unknown option ", code ? letter : word);
}

/* A value that is empty is a variable that someone's script has not set. */
static int take_value(const char *name, const char **place) {
        if (!*optarg)
                return wrong_usage("give a value to --", name);
        *place = optarg;
        return 1;
}

/* Where an option that is yes or no is kept; NULL where it is another. */
static bool *flag_of(int found, struct options *options) {
        switch (found) {
        case OPTION_FORCE:
                return &options->force;
        case OPTION_DRY_RUN:
                return &options->dry_run;
        case OPTION_TAGGED:
                return &options->tagged;
        case OPTION_GROUP:
                return &options->group;
        case OPTION_NOW:
                return &options->now;
        case OPTION_ALL:
                return &options->all;
        case OPTION_JSON:
                return &options->json;
        case OPTION_NO_LEGEND:
                return &options->no_legend;
        default:
                return NULL;
        }
}

static int take(int found, const char *name, struct options *options) {
        bool *flag = flag_of(found, options);

        if (flag) {
                *flag = true;
                return 1;
        }
        switch (found) {
        case OPTION_DRIVER:
                return take_value(name, &options->driver);
        case OPTION_MODALIAS:
                return take_value(name, &options->modalias);
        case OPTION_FUNCTIONS_OF:
                return take_value(name, &options->functions_of);
        default:
                return take_value(name, &options->pin);
        }
}

int options_parse(int argc, char **argv, const struct option *known, const char *help,
                  struct options *ret) {
        int found, index = 0, r = 1;

        *ret = (struct options){};
        opterr = 0; /* it would name the program by its path, and not say what to do */
        while (r > 0 && (found = getopt_long(argc, argv, ":", known, &index)) >= 0) {
                if (found == '?' || found == ':')
                        return report_wrong(argv, found, optopt);
                if (found == OPTION_HELP)
                        return fputs(help, stdout) < 0 ? -EIO : 0;
                r = take(found, known[index].name, ret);
        }
        ret->devices = argv + optind;
        return r;
}
