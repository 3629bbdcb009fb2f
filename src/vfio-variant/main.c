/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The command-line tool. */
#include <errno.h>
#include <stdio.h>

#include "cleanup.h"
#include "commands.h"
#include "messages.h"
#include "text.h"

DEFINE_CLEANUP(struct vfio_variant *, vfio_variant_unref);

static const char help[] =
        "Usage: vfio-variant VERB [OPTION...] [DEVICE...]\n"
        "Show the VFIO driver that fits each device best, and bind devices to it, for\n"
        "guests to have them.\n"
        "\n"
        "  list     show devices, their drivers, and which VFIO driver fits best\n"
        "  info     show all that is known of a device\n"
        "  explain  show why a driver fits best\n"
        "  check    show what keeps devices from a guest, and what to do about it\n"
        "  monitor  tell when drivers and answers change\n"
        "  bind     bind devices now\n"
        "  unbind   give devices back to their native driver\n"
        "  tag      have devices bound whenever they appear\n"
        "  untag    no longer\n"
        "  claim    keep tagged devices from native drivers (early at boot)\n"
        "\n"
        "  --help     print this text; behind a verb, the text on that\n"
        "  --version  print the version\n"
        "\n"
        "See vfio-variant(8).\n";

static const struct command *find_command(const char *name) {
        for (const struct command *const *command = commands; *command; command++)
                if (streq((*command)->name, name))
                        return *command;
        return NULL;
}

static int run_command(const struct command *command, const struct options *options) {
        _cleanup_(vfio_variant_unrefp) struct vfio_variant *context = NULL;
        int r = vfio_variant_new(&context);

        if (r < 0) {
                log_error("cannot begin: ", log_errno(r), "; free some memory");
                return EXIT_FAILURE;
        }
        vfio_variant_set_log(context, log_from_library, NULL);
        return command->run(context, options);
}

static int run(int argc, char **argv) {
        const struct command *command;
        struct options options;
        int r;

        if (argc < 2)
                return refuse_usage("name a verb");
        if (streq(argv[1], "--help"))
                return fputs(help, stdout) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
        if (streq(argv[1], "--version"))
                return puts("vfio-variant " VERSION) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
        command = find_command(argv[1]);
        if (!command) {
                (void)wrong_usage(argv[1][0] == '-' ? "unknown option " : "unknown verb ", argv[1]);
                return EXIT_USAGE;
        }
        r = options_parse(argc - 1, argv + 1, command->options, command->help, &options);
        if (r < 0)
                return r == -EINVAL ? EXIT_USAGE : EXIT_FAILURE;
        return r == 0 ? EXIT_SUCCESS : run_command(command, &options);
}

int main(int argc, char **argv) {
        int status;

        log_open("vfio-variant", false);
        status = run(argc, argv);
        if (fflush(stdout) == 0 && !ferror(stdout))
                return status;
        log_error("cannot write to standard output: ", log_errno(-errno),
                  "; give it somewhere to go");
        return worst_status(status, EXIT_FAILURE);
}
