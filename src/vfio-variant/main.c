/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The main function of the programs with commands. */
#include <errno.h>
#include <stdio.h>

#include "cleanup.h"
#include "commands.h"
#include "messages.h"
#include "program.h"
#include "text.h"

DEFINE_CLEANUP(struct vfio_variant *, vfio_variant_unref);

static const struct command *find_command(const char *name) {
        for (const struct command *const *command = program.commands; *command; command++)
                if (streq((*command)->name, name))
                        return *command;
        return NULL;
}

static int check_arguments(const struct command *command, unsigned n) {
        if (n < command->min_arguments)
                return report_usage(command->name, " needs at least one ", command->argument);
        if (n > command->max_arguments)
                return report_usage(command->name, " takes ",
                                    command->max_arguments == 0 ? "no " : "only one ",
                                    command->argument);
        return EXIT_SUCCESS;
}

static int run_command(const struct command *command, const struct options *options) {
        _cleanup_(vfio_variant_unrefp) struct vfio_variant *context = NULL;
        int status = check_arguments(command, options->n_devices), r;

        if (status != EXIT_SUCCESS)
                return status;
        r = vfio_variant_new(&context);
        if (r < 0) {
                log_error("cannot initialize: ", log_errno(r));
                return EXIT_FAILURE;
        }
        vfio_variant_set_log(context, log_from_library, NULL);
        return command->run(context, options);
}

/* Both programs have the command unbind. */
static int print_help(const char *help) {
        int n = printf("Usage: %s %s\nSee %s(8).\n", program.name, help, program.name);

        return n < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

static int run(int argc, char **argv) {
        static const int no_options[] = {0};
        const struct command *command = NULL;
        struct options options;
        int status = options_parse(argc, argv, &options);

        if (status != EXIT_SUCCESS)
                return status;
        if (options.command) {
                command = find_command(options.command);
                if (!command)
                        return report_usage("unknown command ", options.command);
        }
        status = options_check(&options, command ? command->options : no_options);
        if (status != EXIT_SUCCESS)
                return status;
        if (options.help)
                return print_help(command ? command->help : program.help);
        if (options.version)
                return printf("%s " VERSION "\n", program.name) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
        return command ? run_command(command, &options) : report_usage("no command is given");
}

int main(int argc, char **argv) {
        int status;

        log_open("vfio-variant", false);
        status = run(argc, argv);
        if (fflush(stdout) == 0 && !ferror(stdout))
                return status;
        log_error("cannot write to standard output: ", log_errno(-errno));
        return worst_status(status, EXIT_FAILURE);
}
