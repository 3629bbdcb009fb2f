/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Messages of several commands, and the exit status. */
#include "messages.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "program.h"

int worst_status(int status, int other) {
        if (status == EXIT_FAILURE || other == EXIT_FAILURE)
                return EXIT_FAILURE;
        return status > other ? status : other;
}

int report_usage_parts(const char *const *parts) {
        log_parts(parts);
        print_notice("Try '%s --help' for more information.\n", program.name);
        return EXIT_USAGE;
}

/* The advice for an errno. */
static const struct {
        int error;
        const char *advice;
} advices[] = {
        {EROFS, "run it outside of a container, where this can be written"},
        {ENODEV, "`ls /sys/bus/pci/devices` lists the devices"},
        {ESTALE, "the device was replaced: check which it is now, and run it again"},
        {ENOENT, "check that its module is installed, and run depmod"},
        {EOPNOTSUPP, "install libkmod (libkmod.so.2)"},
        {ELIBACC, "install libudev (libudev.so.1)"},
        {ENOSPC, "free space there"},
        {EBUSY, "`vfio-variant check` reports what uses it"},
        /* What a module or a driver's probe returns, and then logs */
        {ENXIO, "the kernel's log (dmesg) may have the reason"},
        {EIO, "the kernel's log (dmesg) may have the reason"},
        {ENOEXEC, "the kernel's log (dmesg) may have the reason"},
        {EINVAL, "the kernel's log (dmesg) may have the reason"},
        {ETIMEDOUT, "the kernel's log (dmesg) may have the reason"},
};

static const char *advise_permission(void) {
        return geteuid() != 0 ? "run it as root"
                              : "run it outside of a container, and check what the kernel forbids "
                                "(lockdown, module_blacklist=)";
}

const char *advise_error(int error) {
        if (error == -EACCES || error == -EPERM)
                return advise_permission();
        for (size_t i = 0; i < sizeof(advices) / sizeof(advices[0]); i++)
                if (advices[i].error == -error)
                        return advices[i].advice;
        return "`vfio-variant check` may report the reason";
}

void report_unexamined(unsigned n) {
        char text[sizeof("4294967295")];

        (void)snprintf(text, sizeof(text), "%u", n);
        if (n > 0)
                log_warning(text, n == 1 ? " process" : " processes",
                            " could not be examined, and may have a device in use; run as root");
}

void print_notice(const char *format, ...) {
        va_list arguments;

        va_start(arguments, format);
        (void)vfprintf(stderr, format, arguments);
        va_end(arguments);
}

void exit_out_of_memory(void) {
        log_error("cannot continue: ", log_errno(-ENOMEM));
        exit(EXIT_FAILURE);
}

static const struct vfio_variant_device *current;

void log_set_device(const struct vfio_variant_device *device) {
        current = device;
        log_about(device ? vfio_variant_device_get_subsystem(device) : NULL,
                  device ? vfio_variant_device_get_sysname(device) : NULL);
}

void log_from_library(int priority, const char *message, void *userdata) {
        const struct vfio_variant_device *device = current;

        (void)priority; /* errors are returned */
        (void)userdata;
        log_set_device(NULL); /* the message names its device */
        log_warning(message);
        log_set_device(device);
}
