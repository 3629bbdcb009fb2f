/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the arguments of tag and untag name. */
#pragma once

#include "command_options.h"
#include "vfio-variant.h"

struct tag_target {
        enum { TARGET_DEVICE, TARGET_FUNCTIONS, TARGET_KIND } kind;
        const char *name;                   /* the sysname, as given if DEVICE is NULL; or a glob */
        struct vfio_variant_device *device; /* NULL: it is not present, or is a kind */
};

typedef int (*tag_target_fn)(const struct tag_target *target, void *userdata);

/*
 * Checks that OPTIONS name exactly one of DEVICE..., --modalias and --vfs-of, and calls ON_TARGET
 * for each device, each once; for one that is not present only with MAY_BE_ABSENT. Returns the
 * worst exit status; errors were reported.
 */
int tag_each_target(struct vfio_variant *context, const struct options *options, bool may_be_absent,
                    tag_target_fn on_target, void *userdata);
