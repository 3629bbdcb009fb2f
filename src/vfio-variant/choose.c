/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which driver a device is to be bound to. */
#include "choose.h"

#include <errno.h>
#include <stddef.h>

#include "tell.h"
#include "vfio-variant-tag.h"

void choose_tell(const struct vfio_variant_device *device, const char *pin, int error) {
        switch (error) {
        case -ENODATA:
                log_error("no VFIO driver of the running kernel fits ",
                          vfio_variant_device_get_modalias(device),
                          "; install one (vfio_pci fits each PCI device) and run depmod");
                break;
        case -ENXIO:
                log_error("no module of the running kernel has the driver ", pin,
                          "; install it and run depmod");
                break;
        case -ENOENT:
                log_error("the running kernel has no module folder, in which a driver could be "
                          "looked up; install its modules");
                break;
        case -EBADMSG:
                log_error(
                        "the module index of the running kernel is damaged: run depmod to make it "
                        "again");
                break;
        case -EPERM:
                log_error("module_blacklist= on the kernel command line forbids ", pin,
                          "; take it out there and reboot");
                break;
        case -EINVAL:
                log_error(pin ? pin : vfio_variant_device_get_modalias(device), " is no ",
                          pin ? "name of a driver or module" : "modalias",
                          ", so that no driver can be looked up; ",
                          pin ? "see --help" : "name another device");
                break;
        default:
                log_error("cannot look up a driver: ", error_text(error), "; ", advice(error));
        }
}

static void tell_damaged(const struct vfio_variant *context) {
        const char *file = vfio_variant_get_damaged_file(context);

        if (file)
                log_warning(file, " is damaged, its text form was read instead: run depmod");
}

static int look_up(struct vfio_variant *context, struct vfio_variant_device *device,
                   const char *pin) {
        int r = vfio_variant_device_look_up(device, pin);

        if (r < 0) {
                choose_tell(device, pin, r);
                return r == -EINVAL && pin ? EXIT_USAGE : EXIT_TROUBLE;
        }
        tell_damaged(context);
        return EXIT_DONE;
}

int choose_driver(struct vfio_variant *context, struct vfio_variant_device *device,
                  const char *driver) {
        if (driver)
                return look_up(context, device, driver);
        if (vfio_variant_device_get_property(device, "VFIO_VARIANT_DRIVER"))
                return EXIT_DONE;
        /* The database knows of no pin either, where no rules were run for the device */
        if (!vfio_variant_device_get_property(device, "VFIO_VARIANT_PIN"))
                (void)vfio_variant_device_read_tag(device);
        return look_up(context, device, NULL);
}
