/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A device whose disk the running system uses must not be tagged by mistake. */
#include "tag_guard.h"

#include "tell.h"
#include "vfio-variant-check.h"
#include "vfio-variant-tag.h"

/* A tag that is being made. */
struct guarding {
        const char *match;
        bool force;
        int status;
};

int tag_guard_device(struct vfio_variant_device *device, bool force) {
        const char *clause;

        if (vfio_variant_device_find_block_use(device, &clause) <= 0)
                return EXIT_DONE;
        tell_about(device);
        if (force)
                log_warning("tagged by force, although ", clause,
                            ": the system may not boot without it");
        else
                log_error("cannot tag: device is in use: ", clause,
                          "; end that first, or override by --force");
        tell_about(NULL);
        return force ? EXIT_DONE : EXIT_REFUSED;
}

static int visit(struct vfio_variant_device *device, void *userdata) {
        struct guarding *guarding = userdata;

        if (vfio_variant_device_is_matched(device, guarding->match))
                guarding->status =
                        worse(guarding->status, tag_guard_device(device, guarding->force));
        return 0;
}

int tag_guard_matched(struct vfio_variant *context, const char *match, bool force) {
        struct guarding guarding = {.match = match, .force = force};
        int r = vfio_variant_each_device(context, visit, &guarding);

        if (r < 0) {
                log_error("cannot list the devices: ", log_errno(r), "; ", advice(r));
                return EXIT_TROUBLE;
        }
        return guarding.status;
}
