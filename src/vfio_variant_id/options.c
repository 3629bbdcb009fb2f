/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The command line of the helper. */
#include "options.h"

#include <errno.h>
#include <string.h>
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
        "VFIO_VARIANT_PIN in the environment names the driver to choose.\n"
        "\n"
        "  --modules-dir=DIR   read the module index in DIR, the directory of\n"
        "                      modules.alias.bin, instead of the running kernel's\n"
        "  --modprobe-dir=DIR  read the configuration in DIR instead of the system's\n"
        "                      modprobe.d directories (may be repeated)\n"
        "  --nodes             print only the device nodes, if the device is bound to a\n"
        "                      VFIO driver\n"
        "  -h, --help          print this help\n"
        "  -V, --version       print the version\n"
        "\n"
        "See vfio_variant_id(8).\n";

static const char version_text[] = "vfio_variant_id " VERSION "\n";

static int print_text(const char *text) {
        int r = fd_write_all(STDOUT_FILENO, text, strlen(text));

        if (r < 0)
                log_error("cannot write to standard output: ", log_errno(r));
        return r;
}

/* The rest of the command line; ends in NULL. */
struct words {
        char **next;
        bool options_ended; /* by "--" */
};

/*
 * Takes the next word if it is the option NAME, as "--name=VALUE" or "--name VALUE". Returns false
 * if it is not. *ret: the value, NULL if there is none.
 */
static bool take_value(struct words *words, const char *name, const char **ret) {
        const char *word = words->next[0];
        size_t n = strlen(name);

        if (!startswith(word, name) || (word[n] && word[n] != '='))
                return false;
        words->next++;
        *ret = word[n] ? word + n + 1 : *words->next;
        if (!word[n] && *words->next)
                words->next++;
        return true;
}

static int wrong_usage(const char *what, const char *word) {
        log_error(what, word, "; see --help");
        return -EINVAL;
}

static int take_directory(struct options *options, const char *directory) {
        size_t n = 0;

        while (options->directories[n])
                n++;
        if (n == OPTIONS_N_DIRECTORIES_MAX)
                return wrong_usage("too many --modprobe-dir options, at ", directory);
        options->directories[n] = directory;
        options->modprobe_directories = options->directories;
        return 1;
}

static int take_argument(struct options *options, struct words *words) {
        const char *word = *words->next++;

        if (options->argument)
                return wrong_usage("only one DEVICE or MODALIAS may be given, not also ", word);
        options->argument = word;
        return 1;
}

/* Takes the next word. Returns 1 to continue, 0 to stop, or a negative errno. */
static int take_word(struct options *options, struct words *words) {
        const char *word = words->next[0], *value;

        if (words->options_ended || word[0] != '-')
                return take_argument(options, words);
        if (streq(word, "--")) {
                words->options_ended = true;
                words->next++;
                return 1;
        }
        if (streq(word, "-h") || streq(word, "--help"))
                return print_text(help_text);
        if (streq(word, "-V") || streq(word, "--version"))
                return print_text(version_text);
        if (streq(word, "--nodes")) {
                options->nodes_only = true;
                words->next++;
                return 1;
        }
        if (take_value(words, "--modules-dir", &value)) {
                options->modules_directory = value;
                return value && *value ? 1 : wrong_usage("a directory is missing after ", word);
        }
        if (take_value(words, "--modprobe-dir", &value))
                return value && *value ? take_directory(options, value)
                                       : wrong_usage("a directory is missing after ", word);
        return wrong_usage("unknown option ", word);
}

int options_parse(char **argv, struct options *ret) {
        struct words words = {.next = argv + 1};
        int r = 1;

        *ret = (struct options){};
        while (r > 0 && *words.next)
                r = take_word(ret, &words);
        return r;
}
