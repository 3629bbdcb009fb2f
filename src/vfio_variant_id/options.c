/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The command line of the helper. */
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <unistd.h>

#include "fd.h"
#include "log.h"
#include "text.h"

static const char help_text[] =
        "Usage: vfio_variant_id [OPTION...] [DEVICE|MODALIAS]\n"
        "Print, as udev properties, which VFIO driver a device should be bound to.\n"
        "\n"
        "DEVICE is a sysname (0000:3b:00.0) or a syspath (/sys/devices/...). Without an\n"
        "argument MODALIAS and DEVPATH are taken from the environment, as udev sets them.\n"
        "VFIO_VARIANT_PIN in the environment names the driver that an administrator wants.\n"
        "\n"
        "  --modules-dir=DIR   read the module index in DIR, the folder that holds\n"
        "                      modules.alias.bin, and not the running kernel's\n"
        "  --modprobe-dir=DIR  read the configuration in DIR, and not in the system's\n"
        "                      modprobe.d folders (may be repeated)\n"
        "  --help              print this text\n"
        "  --version           print the version\n"
        "\n"
        "See vfio_variant_id(8).\n";

static const char version_text[] = "vfio_variant_id " VERSION "\n";

enum {
        OPTION_MODULES_DIR = 1,
        OPTION_MODPROBE_DIR,
        OPTION_HELP,
        OPTION_VERSION,
};

static int print(const char *text) {
        int r = fd_write_all(STDOUT_FILENO, text, text_length(text));

        if (r < 0) {
                errno = -r;
                log_error("cannot write to standard output: %m; give it somewhere to go");
        }
        return r;
}

static int wrong_usage(void) {
        log_error("try --help");
        return -EINVAL;
}

static int take_folder(struct options *options, const char *folder) {
        size_t n = 0;

        while (options->folders[n])
                n++;
        if (n == OPTIONS_N_FOLDERS_MAX) {
                log_error("more than %d times --modprobe-dir", OPTIONS_N_FOLDERS_MAX);
                return wrong_usage();
        }
        options->folders[n] = folder;
        options->modprobe_folders = options->folders;
        return 1;
}

/* Takes one option. Returns 1 to go on, 0 where all is done, or a negative errno. */
static int take_option(struct options *options, int option) {
        switch (option) {
        case OPTION_MODULES_DIR:
                options->modules_folder = optarg;
                return 1;
        case OPTION_MODPROBE_DIR:
                return take_folder(options, optarg);
        case OPTION_HELP:
                return print(help_text);
        case OPTION_VERSION:
                return print(version_text);
        default: /* getopt_long() has said what is wrong */
                return wrong_usage();
        }
}

static int take_options(struct options *options, int argc, char **argv) {
        static const struct option long_options[] = {
                {"modules-dir", required_argument, NULL, OPTION_MODULES_DIR},
                {"modprobe-dir", required_argument, NULL, OPTION_MODPROBE_DIR},
                {"help", no_argument, NULL, OPTION_HELP},
                {"version", no_argument, NULL, OPTION_VERSION},
                {},
        };
        int option, r = 1;

        while (r > 0 && (option = getopt_long(argc, argv, "", long_options, NULL)) >= 0)
                r = take_option(options, option);
        return r;
}

int options_parse(int argc, char **argv, struct options *ret) {
        int r;

        *ret = (struct options){};
        if (argc <= 1) /* udev calls the helper without any argument */
                return 1;
        r = take_options(ret, argc, argv);
        if (r <= 0)
                return r;
        if (argc - optind > 1) {
                log_error("one DEVICE or MODALIAS at a time, not %d", argc - optind);
                return wrong_usage();
        }
        ret->argument = argv[optind];
        return 1;
}
