/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The command line: options, which may precede or follow the command, the command, its arguments.
 */
#include "command_options.h"

#include <getopt.h>
#include <stddef.h>

#include "messages.h"
#include "text.h"

/* Of all commands, because an option may precede the command; and where struct options has it: a
 * bool without a value, a string with one, and --json. */
static const struct {
        const char *name;
        int code, has_value;
        size_t offset;
} rows[] = {
        {"help", OPTION_HELP, no_argument, offsetof(struct options, help)},
        {"version", OPTION_VERSION, no_argument, offsetof(struct options, version)},
        {"dry-run", OPTION_DRY_RUN, no_argument, offsetof(struct options, dry_run)},
        {"output", OPTION_OUTPUT, required_argument, offsetof(struct options, columns)},
        {"force", OPTION_FORCE, no_argument, offsetof(struct options, force)},
        {"tagged", OPTION_TAGGED, no_argument, offsetof(struct options, tagged)},
        {"group", OPTION_GROUP, no_argument, offsetof(struct options, group)},
        {"now", OPTION_NOW, no_argument, offsetof(struct options, now)},
        {"all", OPTION_ALL, no_argument, offsetof(struct options, all)},
        {"json", OPTION_JSON, optional_argument, offsetof(struct options, json)},
        {"no-legend", OPTION_NO_LEGEND, no_argument, offsetof(struct options, no_legend)},
        {"driver", OPTION_DRIVER, required_argument, offsetof(struct options, driver)},
        {"modalias", OPTION_MODALIAS, required_argument, offsetof(struct options, modalias)},
        {"vfs-of", OPTION_FUNCTIONS_OF, required_argument, offsetof(struct options, functions_of)},
        {"pin", OPTION_PIN, required_argument, offsetof(struct options, pin)},
        {"initramfs", OPTION_INITRAMFS, no_argument, offsetof(struct options, initramfs)},
};
#define N_ROWS (sizeof(rows) / sizeof(rows[0]))
_Static_assert(N_ROWS <= OPTIONS_MAX, "OPTIONS_MAX is the number of rows, or more");

/* ":" first: a missing value is distinguished from an unknown option. */
#define SHORT_OPTIONS ":hVno:"

/* The index of the option CODE in the table; N_ROWS if it has none. */
static size_t find_option(int code) {
        size_t i = 0;

        while (i < N_ROWS && rows[i].code != code)
                i++;
        return i;
}

/* What getopt_long(3) found wrong. It sets optopt to the option whose value is missing or not
 * allowed, to an unknown short option, or for an unknown long option to 0. */
static int report_wrong_option(char **argv, int found) {
        const char short_option[] = {'-', (char)optopt, '\0'};
        size_t i = find_option(optopt);

        if (i < N_ROWS)
                return report_usage("option --", rows[i].name,
                                    found == ':' ? " needs a value" : " takes no value");
        return report_usage("unknown option ", optopt ? short_option : argv[optind - 1]);
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

static int take_option(size_t row, struct options *options) {
        void *field = (char *)options + rows[row].offset;

        if (rows[row].has_value == optional_argument)
                return take_json(field);
        if (rows[row].has_value == no_argument) {
                *(bool *)field = true;
                return EXIT_SUCCESS;
        }
        if (!*optarg) /* an unset variable of a script */
                return report_usage("option --", rows[row].name, " needs a value");
        *(const char **)field = optarg;
        return EXIT_SUCCESS;
}

int options_parse(int argc, char **argv, struct options *ret) {
        struct option known[N_ROWS + 1] = {};
        int found, status = EXIT_SUCCESS;

        for (size_t i = 0; i < N_ROWS; i++)
                known[i] = (struct option){rows[i].name, rows[i].has_value, NULL, rows[i].code};
        *ret = (struct options){};
        opterr = 0; /* its messages begin with argv[0] */
        while (status == EXIT_SUCCESS &&
               (found = getopt_long(argc, argv, SHORT_OPTIONS, known, NULL)) >= 0) {
                size_t i = find_option(found);

                if (i == N_ROWS)
                        return report_wrong_option(argv, found);
                ret->is_given[i] = true;
                status = take_option(i, ret);
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

int options_check(const struct options *options, const int *accepted) {
        for (size_t i = 0; i < N_ROWS; i++) {
                if (!options->is_given[i] || is_accepted(rows[i].code, accepted))
                        continue;
                if (!options->command)
                        return report_usage("option --", rows[i].name, " needs a command");
                return report_usage(options->command, " has no option --", rows[i].name);
        }
        return EXIT_SUCCESS;
}
