/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Devices by the names that the user gives. */
#include "open_device.h"

#include <errno.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "messages.h"
#include "text.h"

bool is_modalias(const char *name) {
        return fnmatch("[a-z]*:*[!0-9a-f.:]*", name, 0) == 0 ||
               fnmatch("[a-z]*[!:]:", name, 0) == 0;
}

int report_open_error(const char *name, int error) {
        if (is_modalias(name))
                return report_usage(name,
                                    " is a modalias, not a device; `vfio-variant explain MODALIAS` "
                                    "prints its choice, `vfio-variant tag --modalias=GLOB` tags by "
                                    "modalias, and `untag` has that option, too");
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

/* The sysname of the device that SYSPATH is below; NULL if there is none. It shortens SYSPATH. */
static const char *find_above(struct vfio_variant *context, char *syspath) {
        char *name;

        while ((name = strrchr(syspath, '/'))) {
                _cleanup_(vfio_variant_device_unrefp) struct vfio_variant_device *device = NULL;

                /* With a colon it is not the name of a network interface */
                if (strchr(++name, ':') && vfio_variant_device_new(context, name, &device) >= 0)
                        return name;
                name[-1] = '\0';
        }
        return NULL;
}

/* PATH: of a device of any subsystem. Returns false if there is none. */
static bool report_other_subsystem(struct vfio_variant *context, const char *path) {
        char link[PATH_MAX], syspath[PATH_MAX], subsystem[PATH_MAX] = "";
        const char *above;

        (void)snprintf(link, sizeof(link), "%s/subsystem", path);
        if (readlink(link, subsystem, sizeof(subsystem) - 1) < 0 || !realpath(path, syspath))
                return false;
        above = find_above(context, syspath);
        log_error("cannot use ", path, ": it is a device of the subsystem ", basename(subsystem),
                  above ? "; name the device that it belongs to: "
                        : ", and belongs to no PCI or CDX device; name another device",
                  above ? above : "");
        return true;
}

int open_named(struct vfio_variant *context, const char *name, struct vfio_variant_device **ret) {
        int r = vfio_variant_device_new(context, name, ret);

        if (r == -ENODEV && strchr(name, '/') && report_other_subsystem(context, name))
                return EXIT_FAILURE;
        if (r < 0)
                return report_open_error(name, r);
        log_set_device(*ret);
        return EXIT_SUCCESS;
}

int each_device(struct vfio_variant *context, vfio_variant_device_fn on_device, void *userdata) {
        int r = vfio_variant_each_device(context, on_device, userdata);

        if (r >= 0)
                return EXIT_SUCCESS;
        log_set_device(NULL);
        log_error("cannot list the devices: ", log_errno(r), "; is /sys mounted?");
        return EXIT_FAILURE;
}
