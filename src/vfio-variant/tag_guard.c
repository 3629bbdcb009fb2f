/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Devices that the running system needs must not be tagged by mistake: the next boot needs them. */
#include "tagging.h"

#include "device_keys.h"
#include "device_object.h"
#include "device_properties.h"
#include "messages.h"
#include "open_device.h"
#include "text.h"

struct guarding {
        const char *key;
        const struct options *options;
        int status;
};

int tag_guard_device(struct vfio_variant_device *device, const struct options *options) {
        const char *clause;

        if (vfio_variant_device_check_boot_use(device) <= 0)
                return EXIT_SUCCESS;
        clause = vfio_variant_device_get_finding(device);
        log_set_device(device);
        if (options->force)
                log_warning(options->dry_run ? "would be tagged" : "tagged",
                            " with --force, although the device is in use: ", clause,
                            "; the system may not boot without it");
        else
                log_error("cannot tag: device is in use: ", clause,
                          "; stop this use, or use --force to override this");
        log_set_device(NULL);
        return options->force ? EXIT_SUCCESS : EXIT_REFUSED;
}

static int guard_if_matched(struct vfio_variant_device *device, void *userdata) {
        struct guarding *guarding = userdata;

        if (vfio_variant_device_is_matched(device, guarding->key))
                guarding->status =
                        worst_status(guarding->status, tag_guard_device(device, guarding->options));
        return 0;
}

int tag_guard_matched(struct vfio_variant *context, const char *key,
                      const struct options *options) {
        struct guarding guarding = {.key = key, .options = options};
        int status = each_device(context, guard_if_matched, &guarding);

        return worst_status(status, guarding.status);
}

/* The rule that binds the device checks the guards again, and overrides only with `force`. */
void tag_warn_of_use(struct vfio_variant_device *device) {
        const char *bind = vfio_variant_device_get_property(device, PROPERTY_BIND);

        if (vfio_variant_device_check_use(device) > 0 && vfio_variant_device_can_force(device))
                log_warning("device is in use: ", vfio_variant_device_get_finding(device),
                            "; the device is unbound from its driver when it is next added",
                            bind && streq(bind, "force") ? "" : ", if it is not in use then");
}
