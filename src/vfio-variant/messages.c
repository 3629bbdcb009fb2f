/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Messages that more than one verb has, and the tool's exit status. */
#include "messages.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int worst_status(int status, int other) {
        if (status == EXIT_FAILURE || other == EXIT_FAILURE)
                return EXIT_FAILURE;
        return status > other ? status : other;
}

int report_usage_parts(const char *const *parts) {
        log_parts(parts);
        print_notice("Try 'vfio-variant --help' for more information.\n");
        return EXIT_USAGE;
}

const char *advise_error(int error) {
        switch (-error) {
        case EACCES:
        case EPERM:
                return geteuid() != 0 ? "run it as root"
                                      : "root may not do that here: run it outside of a container, "
                                        "and see what the kernel forbids (lockdown, "
                                        "module_blacklist=)";
        case EROFS:
                return "run it where it can be written, outside of a container";
        case ENODEV:
                return "`ls /sys/bus/pci/devices` shows the devices there are";
        case ESTALE:
                return "look what sits there now, and run it again";
        case ENOENT:
                return "see that its module is installed, and run depmod";
        case EOPNOTSUPP:
                return "install libkmod (libkmod.so.2)";
        case ENOSPC:
                return "make room there";
        case EBUSY:
                return "`vfio-variant check` shows what uses it";
        /* What a module or a driver's probe returns, and then logs */
        case ENXIO:
        case EIO:
        case ENOEXEC:
        case EINVAL:
        case ETIMEDOUT:
                return "the kernel's log (dmesg) may say more";
        default:
                return "`vfio-variant check` may tell more";
        }
}

void print_notice(const char *format, ...) {
        va_list arguments;

        va_start(arguments, format);
        (void)vfprintf(stderr, format, arguments);
        va_end(arguments);
}

void exit_out_of_memory(void) {
        log_error("cannot go on: ", log_errno(-ENOMEM), "; free some memory");
        exit(EXIT_FAILURE);
}

void log_set_device(const struct vfio_variant_device *device) {
        log_about(device ? vfio_variant_device_get_subsystem(device) : NULL,
                  device ? vfio_variant_device_get_sysname(device) : NULL);
}

void log_from_library(int priority, const char *message, void *userdata) {
        (void)priority; /* errors it returns */
        (void)userdata;
        log_warning(message);
}
