/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The command line: options, which may precede or follow the command, the command, its arguments.
 */
#include "command_options.h"

#include <getopt.h>
#include <stddef.h>

#include "messages.h"
#include "text.h"

/* Of all commands, because an option may precede the command. */
static const struct option known[] = {
        {"help", no_argument, NULL, OPTION_HELP},
        {"version", no_argument, NULL, OPTION_VERSION},
        {"dry-run", no_argument, NULL, OPTION_DRY_RUN},
        {"output", required_argument, NULL, OPTION_OUTPUT},
        {"force", no_argument, NULL, OPTION_FORCE},
        {"tagged", no_argument, NULL, OPTION_TAGGED},
        {"group", no_argument, NULL, OPTION_GROUP},
        {"now", no_argument, NULL, OPTION_NOW},
        {"all", no_argument, NULL, OPTION_ALL},
        {"json", optional_argument, NULL, OPTION_JSON},
        {"no-legend", no_argument, NULL, OPTION_NO_LEGEND},
        {"driver", required_argument, NULL, OPTION_DRIVER},
        {"modalias", required_argument, NULL, OPTION_MODALIAS},
        {"vfs-of", required_argument, NULL, OPTION_FUNCTIONS_OF},
        {"pin", required_argument, NULL, OPTION_PIN},
        {},
};
#define N_KNOWN (sizeof(known) / sizeof(known[0]) - 1)
_Static_assert(N_KNOWN <= OPTIONS_MAX, "struct given has room for each option");

/* ":" first: a missing value is distinguished from an unknown option. */
#define SHORT_OPTIONS ":hVno:"

/* The index of the option CODE in the table; N_KNOWN if it has none. */
static size_t find_option(int code) {
        size_t i = 0;

        while (i < N_KNOWN && known[i].val != code)
                i++;
        return i;
}

/* What getopt_long(3) found wrong. It sets optopt to the option whose value is missing or not
 * allowed, to an unknown short option, or for an unknown long option to 0. */
static int report_wrong_option(char **argv, int found) {
        const char short_option[] = {'-', (char)optopt, '\0'};
        size_t i = find_option(optopt);

        if (i < N_KNOWN)
                return report_usage("option --", known[i].name,
                                    found == ':' ? " needs a value" : " takes no value");
        return report_usage("unknown option ", optopt ? short_option : argv[optind - 1]);
}

/* An empty value is an unset variable of a script. */
static int take_value(const char *name, const char **ret) {
        if (!*optarg)
                return report_usage("option --", name, " needs a value");
        *ret = optarg;
        return EXIT_SUCCESS;
}

static int take_json(enum json_format *ret) {
        if (!optarg)
                *ret = JSON_DEFAULT;
        else if (streq(optarg, "pretty"))
                *ret = JSON_PRETTY;
        else if (streq(optarg, "short"))
                *ret = JSON_SHORT;
        else
                return report_usage("invalid value of --json: ", optarg,
                                    ": it must be pretty or short");
        return EXIT_SUCCESS;
}

/* The flag of an option without a value; NULL for any other. */
static bool *find_flag(int code, struct options *options) {
        switch (code) {
        case OPTION_HELP:
                return &options->help;
        case OPTION_VERSION:
                return &options->version;
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
        case OPTION_NO_LEGEND:
                return &options->no_legend;
        default:
                return NULL;
        }
}

static int take_option(int code, const char *name, struct options *options) {
        bool *flag = find_flag(code, options);

        if (flag) {
                *flag = true;
                return EXIT_SUCCESS;
        }
        switch (code) {
        case OPTION_JSON:
                return take_json(&options->json);
        case OPTION_OUTPUT:
                return take_value(name, &options->columns);
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

int options_parse(int argc, char **argv, struct options *ret, struct given *ret_given) {
        int found, status = EXIT_SUCCESS;

        *ret = (struct options){};
        *ret_given = (struct given){};
        opterr = 0; /* its messages begin with argv[0] */
        while (status == EXIT_SUCCESS &&
               (found = getopt_long(argc, argv, SHORT_OPTIONS, known, NULL)) >= 0) {
                size_t i = find_option(found);

                if (i == N_KNOWN)
                        return report_wrong_option(argv, found);
                ret_given->is_given[i] = true;
                status = take_option(found, known[i].name, ret);
        }
        if (optind < argc)
                ret->command = argv[optind++];
        ret->devices = argv + optind;
        ret->n_devices = (unsigned)(argc - optind);
        return status;
}

static bool is_accepted(int code, const int *accepted) {
        if (code == OPTION_HELP || code == OPTION_VERSION)
                return true;
        while (*accepted && *accepted != code)
                accepted++;
        return *accepted == code;
}

int options_check(const struct given *given, const int *accepted, const char *command) {
        for (size_t i = 0; i < N_KNOWN; i++) {
                if (!given->is_given[i] || is_accepted(known[i].val, accepted))
                        continue;
                if (!command)
                        return report_usage("option --", known[i].name, " needs a command");
                return report_usage(command, " has no option --", known[i].name);
        }
        return EXIT_SUCCESS;
}
