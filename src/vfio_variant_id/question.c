/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the helper looks up: from the environment of udev, or from its argument. */
#include "question.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "driver.h"
#include "log.h"
#include "property.h"
#include "text.h"

/* Returns the value of an environment variable; NULL if it is not set, or empty. */
static const char *get_variable(const char *name) {
        const char *value = getenv(name);

        return value && *value ? value : NULL;
}

static void read_nodes(struct question *question, int device_fd) {
        question->is_bound = device_is_bound_to_vfio(device_fd) > 0;
        if (!question->is_bound)
                return;
        if (device_cdev(device_fd, question->cdev) < 0)
                question->cdev[0] = '\0';
        if (device_group_node(device_fd, question->group) < 0)
                question->group[0] = '\0';
}

/*
 * Reads what the question still lacks from the device. Returns 0 or an exit status, after logging
 * the error.
 */
static int read_device(struct question *question, const char *name, int device_fd) {
        int r;

        if (device_physfn(device_fd, question->physfn) < 0)
                question->physfn[0] = '\0';
        read_nodes(question, device_fd);
        if (question->modalias)
                return 0;
        r = device_attribute(device_fd, "modalias", question->attribute,
                             sizeof(question->attribute));
        if (r < 0) {
                log_error("cannot read the modalias of ", name, ": ", log_errno(r),
                          "; name a device that has one");
                return EXIT_FAILURE;
        }
        question->modalias = question->attribute;
        return 0;
}

static int read_environment(struct question *question) {
        const char *devpath = get_variable("DEVPATH");
        _cleanup_close_ int device_fd = -1;

        question->modalias = get_variable("MODALIAS");
        if (!devpath && !question->modalias) {
                log_error("no device: give a DEVICE or a MODALIAS, or have udev call this program; "
                          "see --help");
                return EXIT_USAGE;
        }
        if (!devpath)
                return 0;
        log_about(get_variable("SUBSYSTEM"), basename(devpath));
        device_fd = device_open_devpath(devpath);
        if (device_fd >= 0)
                return read_device(question, devpath, device_fd);
        if (question->modalias)
                return 0; /* removed, or not a path of /sys: only its physical function is unknown
                             then */
        log_error("cannot open ", devpath, " below /sys: ", log_errno(device_fd),
                  "; set MODALIAS, or a DEVPATH that exists");
        return EXIT_FAILURE;
}

/* Is ARGUMENT a PCI address without its domain ("3b:00.1")? */
static bool looks_like_short_address(const char *argument) {
        return strlen(argument) == sizeof("3b:00.1") - 1 && argument[2] == ':' &&
               argument[5] == '.';
}

/* The name of a bus does not begin with a digit, but the address of a device does. */
static bool looks_like_modalias(const char *argument) {
        return !strchr(argument, '/') && strchr(argument, ':') && !text_is_digit(argument[0]);
}

static int read_argument(struct question *question, const struct options *options) {
        const char *argument = options->argument;
        _cleanup_close_ int device_fd = device_open(argument);

        if (device_fd >= 0)
                return read_device(question, argument, device_fd);
        if (looks_like_short_address(argument)) {
                log_error("cannot open the device ", argument, ": it lacks the domain; see ",
                          "`ls /sys/bus/pci/devices`, mostly it is 0000:", argument);
                return EXIT_USAGE;
        }
        if (looks_like_modalias(argument) && options->nodes_only) {
                log_error("--nodes needs a DEVICE, not the modalias ", argument, "; see --help");
                return EXIT_USAGE;
        }
        if (looks_like_modalias(argument)) {
                question->modalias = argument;
                return 0;
        }
        if (device_fd == -EINVAL || (!strchr(argument, ':') && !strchr(argument, '/'))) {
                log_error(argument, " is neither a DEVICE (0000:3b:00.0, /sys/...) nor a MODALIAS "
                                    "(pci:v...); see --help");
                return EXIT_USAGE;
        }
        log_error("cannot open the device ", argument, ": ", log_errno(device_fd),
                  "; `ls /sys/bus/pci/devices` shows those there are");
        return EXIT_FAILURE;
}

int question_read(struct question *ret, const struct options *options) {
        ret->modalias = NULL;
        ret->physfn[0] = '\0';
        ret->is_bound = false;
        ret->pin = get_variable(property_name(PROPERTY_PIN));
        return options->argument ? read_argument(ret, options) : read_environment(ret);
}
