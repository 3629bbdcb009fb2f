/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which driver a device is to be bound to. */
#include "choose.h"

#include <errno.h>
#include <stddef.h>

#include "tell.h"

const char *choose_why(int error) {
        switch (error) {
        case -ENOENT:
                return "the running kernel has no module folder";
        case -EBADMSG:
                return "the module index is damaged";
        default:
                return error_text(error);
        }
}

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

int choose_driver(struct vfio_variant_device *device, const char *driver) {
        int r = driver ? vfio_variant_device_look_up(device, driver)
                       : vfio_variant_device_find_answer(device);

        if (r >= 0)
                return EXIT_DONE;
        choose_tell(device, driver, r);
        return r == -EINVAL && driver ? EXIT_USAGE : EXIT_TROUBLE;
}
