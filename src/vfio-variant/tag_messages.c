/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Messages of tag and untag. */
#include "tagging.h"

#include <errno.h>
#include <stdio.h>

#include "device_object.h"
#include "hwdb_files.h"
#include "identity.h"
#include "messages.h"
#include "open_device.h"
#include "sysfs_link.h"

/* What prevents a change of the file SUBJECT. */
static void report_file(const char *subject, int error) {
        switch (error) {
        case -EEXIST:
                log_error(subject, " was not made by `vfio-variant tag`, or was changed by hand, ",
                          "so nothing was changed; rename it, or edit it by hand");
                break;
        case -ELOOP:
                log_error(subject, " is a symbolic link, so nothing was changed; ",
                          "remove it, or edit its target by hand");
                break;
        case -ENAMETOOLONG:
                log_error("the match key is too long for the name of a file in ", TAG_DIRECTORY,
                          ", so nothing was changed; ",
                          "write a record by hand, as 60-vfio-variant.hwdb shows");
                break;
        default:
                log_error("cannot change ", subject, ": ", log_errno(error),
                          ", so nothing was changed; ", advise_error(error));
        }
}

int tag_report_error(const char *subject, int error) {
        switch (error) {
        case -ECANCELED:
                log_error("cannot compile the hwdb by ", subject,
                          ", so nothing was changed; see its message, and run it by hand");
                break;
        case -ENOEXEC:
                log_error("cannot compile the hwdb: there is neither systemd-hwdb nor udevadm, ",
                          "so nothing was changed; install udev");
                break;
        case -ENOTRECOVERABLE:
                log_error("cannot compile the hwdb, and cannot restore ", subject,
                          "; correct it by hand, and run ", hwdb_compile_command());
                break;
        default:
                report_file(subject, error);
        }
        return EXIT_FAILURE;
}

int tag_report_no_key(const struct tag_target *target, int error) {
        if (target->kind == TARGET_KIND)
                return report_usage("invalid pattern --modalias=", target->name,
                                    ": it must begin with pci: or cdx:, and contain only ",
                                    "alphanumeric characters, * ? ! - and [...]");
        if (!target->device)
                return report_open_error(target->name, error);
        if (error == -ENOTSUP)
                log_error("cannot tag: ",
                          target->kind == TARGET_DEVICE ? "it cannot be assigned to a guest"
                                                        : "it cannot have virtual functions",
                          "; name another device");
        else
                log_error("its sysname or modalias (", identity_modalias(target->device),
                          ") has characters with a meaning in a match key: ",
                          "write a record by hand, as 60-vfio-variant.hwdb shows");
        return EXIT_FAILURE;
}

void tag_report_wait(void) {
        log_warning("waiting for another process that changes ", TAG_DIRECTORY);
}

void tag_print_command(const struct tag *tag) {
        char arguments[TAG_KEY_SIZE];

        tag_key_arguments(tag->key, arguments);
        (void)printf("vfio-variant tag%s%s%s %s\n", tag->force ? " --force" : "",
                     *tag->pin ? " --pin=" : "", tag->pin, arguments);
}

void tag_trigger(struct vfio_variant_device *device) {
        int r = attribute_write(device->handle.fd, "uevent", "change");

        if (r < 0)
                log_warning(
                        "cannot trigger the device, so that udev does not have the change yet: ",
                        log_errno(r), "; run `udevadm trigger --settle /sys/bus/",
                        vfio_variant_device_get_subsystem(device), "/devices/",
                        vfio_variant_device_get_sysname(device), "`");
}
