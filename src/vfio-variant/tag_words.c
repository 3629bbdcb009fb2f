/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What tag and untag have in common: messages. */
#include "tag_words.h"

#include <errno.h>

#include "tell.h"

int tag_words_check(const struct options *options) {
        int n = !!options->modalias + !!options->functions_of + !!*options->devices;

        if (n == 1 && options->group && !*options->devices)
                return wrong_usage("--group goes with a DEVICE", "");
        if (n == 1)
                return 0;
        return wrong_usage(n == 0 ? "name at least one DEVICE, or give --modalias or --vfs-of"
                                  : "give either DEVICE, or --modalias, or --vfs-of, and no two",
                           "");
}

int tag_words_refuse_glob(const char *glob) {
        log_error("--modalias=", glob, " is no modalias of a PCI or CDX device ",
                  "(pci:... or cdx:..., of letters, digits and * ? [ ] ! -); see --help");
        return EXIT_USAGE;
}

int tag_words_tell(const struct vfio_variant *context, int error) {
        const char *subject = vfio_variant_get_subject(context);

        switch (error) {
        case -EINVAL:
                log_error("--pin names a driver or module, of letters, digits and _ - + . alone; ",
                          "see --help");
                return EXIT_USAGE;
        case -ECANCELED:
                log_error("cannot compile the hwdb by ", subject,
                          ", so nothing was changed; see what it says, and run it by hand");
                break;
        case -ENOEXEC:
                log_error("neither systemd-hwdb nor udevadm is there to compile the hwdb, ",
                          "so nothing was changed; install udev");
                break;
        case -ENOTRECOVERABLE:
                log_error("the hwdb could not be compiled, nor ", subject,
                          " be put back; put it right by hand, and run systemd-hwdb update");
                break;
        case -ELOOP:
                log_error(subject, " is a link, and not followed, so nothing was changed; ",
                          "put a file in its place, or remove it");
                break;
        default:
                log_error("cannot change ", subject, ": ", log_errno(error),
                          ", so nothing was changed; ", advice(error));
        }
        return EXIT_TROUBLE;
}

int tag_words_tell_match(const struct vfio_variant_device *device, int error) {
        if (error == -ENOTSUP)
                log_error("no guest can have it, or it can have no virtual functions; ",
                          "name another device");
        else
                log_error("its sysname or modalias (", vfio_variant_device_get_modalias(device),
                          ") has letters that mean something in a match key: ",
                          "write a record by hand, as 60-vfio-variant.hwdb shows");
        return EXIT_TROUBLE;
}

int tag_words_trigger(struct vfio_variant_device *device) {
        int r = vfio_variant_device_trigger(device);

        if (r < 0)
                log_warning("udev does not know of it yet: cannot trigger the device: ",
                            log_errno(r), "; run `udevadm trigger --settle /sys/bus/",
                            vfio_variant_device_get_bus(device), "/devices/",
                            vfio_variant_device_get_sysname(device), "`");
        return r;
}
