/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The udev helper: prints, as udev properties, which VFIO driver a device should be bound to. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "choice.h"
#include "cleanup.h"
#include "fd.h"
#include "index.h"
#include "log.h"
#include "options.h"
#include "property.h"
#include "property_text.h"
#include "question.h"

/*
 * Checks that DIRECTORY, of OPTION, can be opened. Returns 0, or an exit status after logging the
 * error.
 */
static int check_directory(const char *option, const char *directory) {
        _cleanup_close_ int fd = fd_open_directory(AT_FDCWD, directory);

        if (fd >= 0)
                return 0;
        log_error("cannot open ", option, "=", directory, ": ", log_errno(fd),
                  "; name a directory that can be read");
        return EXIT_FAILURE;
}

static int check_directories(const struct options *options) {
        int r = 0;

        if (options->modules_directory)
                r = check_directory("--modules-dir", options->modules_directory);
        for (size_t i = 0; r == 0 && options->directories[i]; i++)
                r = check_directory("--modprobe-dir", options->directories[i]);
        return r;
}

/* Logs that there is no module index in DIRECTORY; NULL: for the running kernel. */
static void log_no_index(const char *directory) {
        char kernel_directory[INDEX_DIRECTORY_SIZE];
        /* A directory of an option was opened before */
        bool is_there = directory || index_find_directory(kernel_directory) > 0;

        log_error("cannot look up drivers: ", directory ? directory : kernel_directory,
                  is_there ? " has no module index; run depmod"
                           : " does not exist; install the modules of the running kernel and run "
                             "depmod",
                  directory ? "" : "; in a container, mount the host's /lib/modules");
}

/* Logs why there is no choice. Returns the exit status. */
static int log_lookup_error(const struct question *question, const struct options *options, int r) {
        const char *directory = options->modules_directory;

        if (!directory)
                directory = "of the running kernel";
        switch (r) {
        case -EINVAL:
        case -ENAMETOOLONG:
                log_error(question->modalias, " is not a modalias: BUS:..., without spaces, ",
                          "of at most 500 characters; see --help");
                return EXIT_USAGE;
        case -ENOENT:
                log_no_index(options->modules_directory);
                break;
        case -EBADMSG:
                log_error("the module index ", directory, " is damaged; run depmod");
                break;
        case -EOPNOTSUPP:
                log_error("modprobe.d or the kernel command line mentions VFIO, but libkmod.so.2, ",
                          "which is needed to read it, is not installed; install libkmod");
                break;
        default:
                log_error("cannot look up ", question->modalias, ": ", log_errno(r),
                          "; make sure that modprobe.d and the module index ", directory,
                          " are readable");
        }
        return EXIT_FAILURE;
}

/* Logs warnings: problems that did not prevent a choice. */
static void log_warnings(const struct question *question, const struct choice *choice,
                         const char *damaged_file) {
        if (damaged_file)
                log_warning(damaged_file,
                            " is damaged, and its text file was read instead; run depmod");
        if (choice->pin == PIN_INVALID)
                log_warning("VFIO_VARIANT_PIN is not a valid name of a driver or module and is "
                            "ignored; ",
                            "correct it in hwdb.d");
        if (choice->pin == PIN_UNKNOWN)
                log_warning("the pinned driver ", question->pin,
                            " is in no module of this kernel and is ignored; correct ",
                            "VFIO_VARIANT_PIN in hwdb.d, or install the module and run depmod");
        if (choice->pin == PIN_REFUSED)
                log_warning("the pinned driver ", question->pin, " is ignored: ",
                            choice->pin_ban == POLICY_KERNEL
                                    ? "module_blacklist= on the kernel command line forbids "
                                    : "an install line in modprobe.d disables ",
                            "the module ", choice->pin_banned,
                            "; change that, or VFIO_VARIANT_PIN in hwdb.d");
}

static void add_nodes(struct property_text *text, const struct question *question) {
        if (!question->is_bound)
                return;
        (void)property_add(text, property_name(PROPERTY_BOUND), "1");
        (void)property_add(text, property_name(PROPERTY_CDEV), question->cdev);
        (void)property_add(text, property_name(PROPERTY_GROUP), question->group);
}

static void add_choice(struct property_text *text, const struct question *question,
                       const struct choice *choice) {
        (void)property_add(text, property_name(PROPERTY_DRIVER), choice->driver);
        (void)property_add(text, property_name(PROPERTY_MODULE), choice->module);
        (void)property_add(text, property_name(PROPERTY_FALLBACK), choice->fallback);
        (void)property_add(text, property_name(PROPERTY_PHYSFN), question->physfn);
        add_nodes(text, question);
        /* Last, because it may be too long, and is only informative */
        (void)property_add(text, property_name(PROPERTY_ALIAS), choice->alias);
}

/* CHOICE: NULL if only the nodes are printed. */
static int print_properties(const struct question *question, const struct choice *choice) {
        _uninitialized_ struct property_text text;
        int r;

        text.length = 0;
        if (choice)
                add_choice(&text, question, choice);
        else
                add_nodes(&text, question);
        r = fd_write_all(STDOUT_FILENO, text.text, text.length);
        if (r == 0)
                return 0;
        log_error("cannot write to standard output: ", log_errno(r));
        return EXIT_FAILURE;
}

/* A user sees an empty output. For udev no line is logged for each device. */
static void log_empty(const struct question *question, const struct options *options,
                      const char *driver) {
        if (!options->argument)
                return;
        if (options->nodes_only && !question->is_bound)
                log_warning("no VFIO driver is bound to ", options->argument);
        else if (!options->nodes_only && !*driver)
                log_warning("no VFIO driver matches ", question->modalias);
}

/* Not closed, because the process ends. */
static struct choice_source *source;

/* Returns the exit status. */
static int run_helper(char **argv) {
        _uninitialized_ struct question question;
        _uninitialized_ struct choice choice;
        struct options options;
        int r = options_parse(argv, &options);

        if (r <= 0)
                return r == -EINVAL ? EXIT_USAGE : r < 0 ? EXIT_FAILURE : 0;
        r = check_directories(&options);
        if (r == 0)
                r = question_read(&question, &options);
        if (r != 0)
                return r;
        if (options.nodes_only) {
                log_empty(&question, &options, "");
                return print_properties(&question, NULL);
        }
        r = choice_source_open(options.modules_directory, options.modprobe_directories, &source);
        if (r >= 0)
                r = choice_find(source, question.modalias, question.pin, &choice);
        /* Not logged for each device of udev: an initramfs image needs no index, and
         * `vfio-variant check` reports it */
        if (r == -ENOENT && !options.argument && !options.modules_directory)
                return print_properties(&question, &(struct choice){});
        if (r < 0)
                return log_lookup_error(&question, &options, r);
        log_warnings(&question, &choice, index_damaged_file(choice_source_index(source)));
        log_empty(&question, &options, choice.driver);
        return print_properties(&question, &choice);
}

int main(int argc, char **argv) {
        log_open("vfio_variant_id", argc <= 1);
        return run_helper(argv);
}
