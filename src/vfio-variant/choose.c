/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which driver a device is to be bound to. */
#include "choose.h"

#include <errno.h>
#include <stddef.h>

#include "excluded.h"
#include "tell.h"

const char *choose_why(int error) {
        switch (error) {
        case -ENOENT:
                return "no module index";
        case -EBADMSG:
                return "the module index is damaged";
        default:
                return log_errno(error);
        }
}

const char *choose_advice_without_index(bool has_directory) {
        return has_directory
                       ? "run depmod; in a container, mount the host's /lib/modules"
                       : "install the modules of the running kernel and run depmod, or reboot if "
                         "the kernel was upgraded; in a container, mount the host's /lib/modules";
}

/* FOUND: of vfio_variant_find_index(). */
static void tell_index(const char *directory, int found, int error) {
        if (error == -EBADMSG)
                log_error("cannot look up drivers: the module index in ", directory,
                          " is damaged; run depmod");
        else if (error != -ENOENT)
                log_error("cannot look up drivers: cannot open ", directory, ": ", log_errno(error),
                          "; ", advice(error));
        else
                log_error("cannot look up drivers: ", directory,
                          found > 0 ? " has no module index; " : " does not exist; ",
                          choose_advice_without_index(found > 0));
}

bool choose_tell_host(int error) {
        static bool is_told;
        char directory[VFIO_VARIANT_INDEX_SIZE];
        int found = vfio_variant_find_index(directory);

        if (error != -ENOENT && error != -EBADMSG && error != found)
                return false;
        tell_about(NULL);
        if (!is_told)
                tell_index(directory, found, error);
        is_told = true;
        return true;
}

static void tell_none(struct vfio_variant_device *device) {
        struct excluded excluded;

        if (excluded_read(device, &excluded) < 0 || !*excluded.list)
                log_error("no VFIO driver of the running kernel is for ",
                          vfio_variant_device_get_modalias(device), "; install one and run depmod");
        else
                log_error("no VFIO driver is usable: ", excluded.list, "; ",
                          excluded_advice(&excluded));
}

static int find_pinned(const struct vfio_variant_candidate *candidate, void *userdata) {
        if (vfio_variant_candidate_get_number(candidate, VFIO_VARIANT_CANDIDATE_ORIGIN) !=
            VFIO_VARIANT_ORIGIN_PIN)
                return 0;
        excluded_add(userdata, candidate);
        return 1;
}

/* PIN names a module that can't be loaded. */
static void tell_pin(struct vfio_variant_device *device, const char *pin) {
        struct excluded excluded = {};

        if (pin)
                (void)vfio_variant_device_set_property(device, "VFIO_VARIANT_PIN", pin);
        (void)vfio_variant_device_each_candidate(device, find_pinned, &excluded);
        log_error("cannot load ", excluded.list, "; ", excluded_advice(&excluded));
}

void choose_tell(struct vfio_variant_device *device, const char *pin, int error) {
        if (choose_tell_host(error))
                return;
        switch (error) {
        case -ENODATA:
                tell_none(device);
                break;
        case -ENXIO:
                log_error("no module of the running kernel has the driver ", pin,
                          "; install it and run depmod");
                break;
        case -EPERM:
                tell_pin(device, pin);
                break;
        case -EINVAL:
                log_error(pin ? pin : vfio_variant_device_get_modalias(device), " is no ",
                          pin ? "name of a driver or module" : "modalias",
                          ", so that no driver can be looked up; ",
                          pin ? "see --help" : "name another device");
                break;
        default:
                log_error("cannot look up a driver: ", log_errno(error), "; ", advice(error));
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
