/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the helper is asked: of udev's environment, or of its argument. */
#include "question.h"

#include <errno.h>

#include "cleanup.h"
#include "log.h"
#include "text.h"

/* What udev sets; NULL: it is not there, or empty. */
struct environment {
        const char *modalias;
        const char *devpath;
        const char *subsystem;
        const char *pin;
};

static void take_variable(const char *variable, const char *name, const char **ret) {
        for (; *name; name++)
                if (*variable++ != *name)
                        return;
        if (*variable)
                *ret = variable;
}

static struct environment read_environment(char **variables) {
        struct environment environment = {};

        for (; *variables; variables++) {
                take_variable(*variables, "MODALIAS=", &environment.modalias);
                take_variable(*variables, "DEVPATH=", &environment.devpath);
                take_variable(*variables, "SUBSYSTEM=", &environment.subsystem);
                take_variable(*variables, "VFIO_VARIANT_PIN=", &environment.pin);
        }
        return environment;
}

/* Reads of the device what the question still lacks. Returns 0 or an exit status, which was told.
 */
static int ask_device(struct question *question, const char *name, int device_fd) {
        int r;

        if (device_physfn(device_fd, question->physfn) < 0)
                question->physfn[0] = '\0';
        if (question->modalias)
                return 0;
        r = device_attribute(device_fd, "modalias", question->attribute,
                             sizeof(question->attribute));
        if (r < 0) {
                log_error("cannot read the modalias of ", name, ": ", log_errno(r),
                          "; name a device that has one");
                return EXIT_TROUBLE;
        }
        question->modalias = question->attribute;
        return 0;
}

static int ask_environment(struct question *question, const struct environment *environment) {
        const char *devpath = environment->devpath;
        _cleanup_close_ int device_fd = -1;

        question->modalias = environment->modalias;
        if (!devpath && !question->modalias) {
                log_error("no device: give a DEVICE or a MODALIAS, or have udev call this program; "
                          "see --help");
                return EXIT_USAGE;
        }
        if (!devpath)
                return 0;
        log_about(environment->subsystem, text_basename(devpath));
        device_fd = device_open_devpath(devpath);
        if (device_fd >= 0)
                return ask_device(question, devpath, device_fd);
        if (question->modalias)
                return 0; /* it is gone again, or no path of /sys: its PF is all that is lost */
        log_error("cannot open ", devpath, " below /sys: ", log_errno(device_fd),
                  "; set MODALIAS, or a DEVPATH that exists");
        return EXIT_TROUBLE;
}

/* A bus begins with a letter, and an address of a device of a bus that we know does not have one.
 */
static bool looks_like_modalias(const char *argument) {
        return !text_has(argument, '/') && text_has(argument, ':') && !text_is_digit(argument[0]);
}

static int ask_argument(struct question *question, const char *argument) {
        _cleanup_close_ int device_fd = device_open(argument);

        if (device_fd >= 0)
                return ask_device(question, argument, device_fd);
        if (looks_like_modalias(argument)) {
                question->modalias = argument;
                return 0;
        }
        if (device_fd == -EINVAL || (!text_has(argument, ':') && !text_has(argument, '/'))) {
                log_error(argument, " is neither a DEVICE (0000:3b:00.0, /sys/...) nor a MODALIAS "
                                    "(pci:v...); see --help");
                return EXIT_USAGE;
        }
        log_error("cannot open the device ", argument, ": ", log_errno(device_fd),
                  "; `ls /sys/bus/pci/devices` shows those there are");
        return EXIT_TROUBLE;
}

int question_ask(struct question *ret, const struct options *options, char **variables) {
        const struct environment environment = read_environment(variables);

        ret->modalias = NULL;
        ret->physfn[0] = '\0';
        ret->pin = environment.pin;
        return options->argument ? ask_argument(ret, options->argument)
                                 : ask_environment(ret, &environment);
}
