/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Messages that more than one verb has, and the tool's exit status. */
#include "messages.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int worse(int status, int other) {
        if (status == EXIT_TROUBLE || other == EXIT_TROUBLE)
                return EXIT_TROUBLE;
        return status > other ? status : other;
}

int wrong_usage(const char *what, const char *word) {
        log_error(what, word, "; see --help");
        return -EINVAL;
}

int refuse_usage(const char *what) {
        (void)wrong_usage(what, "");
        return EXIT_USAGE;
}

const char *advice(int error) {
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

void tell_empty(const char *format, ...) {
        va_list arguments;

        va_start(arguments, format);
        (void)vfprintf(stderr, format, arguments);
        va_end(arguments);
}

void end_without_memory(void) {
        log_error("cannot go on: ", log_errno(-ENOMEM), "; free some memory");
        exit(EXIT_TROUBLE);
}

void tell_about(const struct vfio_variant_device *device) {
        log_about(device ? vfio_variant_device_get_subsystem(device) : NULL,
                  device ? vfio_variant_device_get_sysname(device) : NULL);
}

void tell_log(int priority, const char *message, void *userdata) {
        (void)priority; /* errors it returns */
        (void)userdata;
        log_warning(message);
}
