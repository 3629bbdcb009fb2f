/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the arguments of tag and untag name. */
#include "tagging.h"

#include <errno.h>
#include <string.h>

#include "device_set.h"
#include "messages.h"
#include "open_device.h"

struct targets {
        struct vfio_variant *context;
        const struct options *options;
        bool may_be_absent;
        struct device_set set;
        tag_target_fn on_target;
        void *userdata;
};

static bool is_absent(const struct targets *targets, const char *name) {
        _cleanup_(vfio_variant_device_unrefp) struct vfio_variant_device *device = NULL;

        return targets->may_be_absent && !targets->options->group && !strchr(name, '/') &&
               !is_modalias(name) &&
               vfio_variant_device_new(targets->context, name, &device) == -ENODEV;
}

static int add_named(struct targets *targets, const char *name) {
        const struct tag_target absent = {
                .kind = targets->options->functions_of ? TARGET_FUNCTIONS : TARGET_DEVICE,
                .name = name,
        };

        if (is_absent(targets, name))
                return targets->on_target(&absent, targets->userdata);
        return device_set_add_named(&targets->set, targets->context, name, targets->options->group);
}

static int visit_present(const struct targets *targets) {
        int status = EXIT_SUCCESS;

        for (unsigned i = 0; i < targets->set.n; i++) {
                const struct tag_target target = {
                        .kind = targets->options->functions_of ? TARGET_FUNCTIONS : TARGET_DEVICE,
                        .name = vfio_variant_device_get_sysname(targets->set.devices[i]),
                        .device = targets->set.devices[i],
                };

                log_set_device(target.device);
                status = worst_status(status, targets->on_target(&target, targets->userdata));
        }
        log_set_device(NULL);
        return status;
}

static int each_target(struct targets *targets) {
        const struct options *options = targets->options;
        const struct tag_target kind = {.kind = TARGET_KIND, .name = options->modalias};
        int status = EXIT_SUCCESS;

        if (options->modalias)
                return targets->on_target(&kind, targets->userdata);
        if (options->functions_of)
                status = add_named(targets, options->functions_of);
        for (char **name = options->devices; *name; name++)
                status = worst_status(status, add_named(targets, *name));
        return worst_status(status, visit_present(targets));
}

static int check_options(const struct options *options) {
        int n = !!options->modalias + !!options->functions_of + !!*options->devices;

        if (n == 0)
                return report_usage(options->command,
                                    " needs at least one DEVICE, --modalias or --vfs-of");
        if (n > 1)
                return report_usage("only one of DEVICE, --modalias and --vfs-of can be given");
        if (options->group && !*options->devices)
                return report_usage("--group needs a DEVICE");
        return EXIT_SUCCESS;
}

int tag_each_target(struct vfio_variant *context, const struct options *options, bool may_be_absent,
                    tag_target_fn on_target, void *userdata) {
        struct targets targets = {
                .context = context,
                .options = options,
                .may_be_absent = may_be_absent,
                .on_target = on_target,
                .userdata = userdata,
        };
        int status = check_options(options);

        if (status == EXIT_SUCCESS)
                status = each_target(&targets);
        device_set_done(&targets.set);
        return status;
}
