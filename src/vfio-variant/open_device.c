/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Devices by the names that the user gives. */
#include "open_device.h"

#include <errno.h>

#include "messages.h"
#include "text.h"

/* BUS:v..., or a pattern of such. In an address a digit follows the colon. */
static bool is_modalias(const char *name) {
        const char *colon = strchr(name, ':');

        return colon && colon > name && !strchr(name, '/') &&
               (!colon[1] || strchr("v*?[", colon[1]));
}

int report_open_error(const char *name, int error) {
        if (is_modalias(name)) {
                return report_usage(name,
                                    " is a modalias, not a device; `vfio-variant explain MODALIAS` "
                                    "prints its choice, `vfio-variant tag --modalias=GLOB` tags "
                                    "by modalias");
        }
        switch (error) {
        case -EINVAL:
                return report_usage("invalid device: ", name,
                                    ": it must be a sysname (0000:3b:00.1), a PCI address without ",
                                    "its domain (3b:00.1), a syspath (/sys/...) or a network ",
                                    "interface");
        case -ENOTUNIQ:
                log_error(name, " is the address of several devices, in different domains; ",
                          "use the whole address, such as 0000:", name);
                break;
        case -EXDEV:
                log_error("network interface ", name, " does not belong to a PCI or CDX device, ",
                          "like a bridge or a USB adapter; name another device");
                break;
        case -EBADMSG:
                log_error("cannot open the device ", name,
                          ": its directory in /sys is malformed; name another device");
                break;
        default:
                log_error("cannot open the device ", name, ": ", log_errno(error), "; ",
                          advise_error(error));
        }
        return EXIT_FAILURE;
}

int open_named(struct vfio_variant *context, const char *name, struct vfio_variant_device **ret) {
        int r = vfio_variant_device_new(context, name, ret);

        if (r < 0)
                return report_open_error(name, r);
        log_set_device(*ret);
        return EXIT_SUCCESS;
}
