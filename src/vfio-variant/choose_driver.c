/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The choice of the driver that a device is bound to. */
#include "choose_driver.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>

#include "cleanup.h"
#include "excluded_candidates.h"
#include "fd.h"
#include "identity.h"
#include "messages.h"

const char *describe_choice_error(int error) {
        switch (error) {
        case -ENOENT:
                return "no module index";
        case -EBADMSG:
                return "the module index is damaged";
        case -EINVAL:
                return "invalid modalias";
        default:
                return log_errno(error);
        }
}

const char *get_choice_name(struct vfio_variant_device *device, const char *otherwise) {
        const char *driver = vfio_variant_device_get_variant_driver(device);

        return driver || errno == ENODATA ? driver : otherwise;
}

const char *advise_without_index(bool has_directory) {
        return has_directory
                       ? "run depmod; in a container, mount the host's /lib/modules"
                       : "install the modules of the running kernel and run depmod, or reboot if "
                         "the kernel was upgraded; in a container, mount the host's /lib/modules";
}

/* Returns 1 if DIRECTORY exists, 0 if not, or the negative errno of opening it. */
static int find_directory(const char *directory) {
        _cleanup_close_ int fd = fd_open_directory(AT_FDCWD, directory);

        return fd == -ENOENT ? 0 : fd < 0 ? fd : 1;
}

/* FOUND: of find_directory(). */
static void report_index(const char *directory, int found, int error) {
        if (error == -EBADMSG)
                log_error("cannot look up drivers: the module index in ", directory,
                          " is damaged; run depmod");
        else if (error != -ENOENT)
                log_error("cannot look up drivers: cannot open ", directory, ": ", log_errno(error),
                          "; ", advise_error(error));
        else
                log_error("cannot look up drivers: ", directory,
                          found > 0 ? " has no module index; " : " does not exist; ",
                          advise_without_index(found > 0));
}

bool report_index_error(struct vfio_variant *context, int error) {
        static bool is_reported;
        const char *directory = vfio_variant_get_module_directory(context);
        int found = find_directory(directory);

        if (error != -ENOENT && error != -EBADMSG && error != found)
                return false;
        log_set_device(NULL);
        if (!is_reported)
                report_index(directory, found, error);
        is_reported = true;
        return true;
}

static void report_none(struct vfio_variant_device *device) {
        struct excluded excluded;

        if (excluded_read(device, &excluded) < 0 || !*excluded.list)
                log_error("no VFIO driver of the running kernel matches ",
                          identity_modalias(device), "; install one and run depmod");
        else
                log_error("no VFIO driver is usable: ", excluded.list, "; ",
                          excluded_advice(&excluded));
}

static int find_pinned(const struct vfio_variant_candidate *candidate, void *userdata) {
        if (vfio_variant_candidate_get_origin(candidate) != VFIO_VARIANT_CANDIDATE_PIN)
                return 0;
        excluded_add(userdata, candidate);
        return 1;
}

/* PIN names a module that cannot be loaded. */
static void report_pin(struct vfio_variant_device *device, const char *pin) {
        struct excluded excluded = {};

        (void)vfio_variant_device_each_candidate(device, pin, find_pinned, &excluded);
        log_error("cannot load ", excluded.list, "; ", excluded_advice(&excluded));
}

void report_choice_error(struct vfio_variant *context, struct vfio_variant_device *device,
                         const char *pin, int error) {
        if (report_index_error(context, error))
                return;
        switch (error) {
        case -ENODATA:
                report_none(device);
                break;
        case -ENXIO:
                log_error("no module of the running kernel has the driver ", pin,
                          "; install it and run depmod");
                break;
        case -EPERM:
                report_pin(device, pin);
                break;
        case -EINVAL:
                if (pin)
                        (void)report_usage("invalid driver or module: ", pin);
                else
                        log_error("cannot look up a driver: invalid modalias",
                                  device ? " " : " of a device whose state is unknown",
                                  device ? identity_modalias(device) : "");
                break;
        default:
                log_error("cannot look up a driver: ", log_errno(error), "; ", advise_error(error));
        }
}

int choose_driver(struct vfio_variant_device *device, const char *driver) {
        int r = vfio_variant_device_choose(device, driver);

        if (r >= 0)
                return EXIT_SUCCESS;
        report_choice_error(vfio_variant_device_get_context(device), device, driver, r);
        return r == -EINVAL && driver ? EXIT_USAGE : EXIT_FAILURE;
}
