/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What tag and untag have in common: messages. */
#pragma once

#include "options.h"
#include "vfio-variant.h"

/* Do OPTIONS name just one of DEVICE..., --modalias and --vfs-of? Returns 0, or -EINVAL, which was
 * told. */
int tag_words_check(const struct options *options);

/* Each says why it failed, and returns the exit status. */
int tag_words_tell(const struct vfio_variant *context, int error);
int tag_words_tell_match(const struct vfio_variant_device *device, int error);
int tag_words_refuse_glob(const char *glob);

/* What tag and untag wait for, for screen_show_progress(). */
#define TAG_PROGRESS "compiling the hardware database..."

/* Has udev compute the device's properties anew. Returns 0, or a negative errno, which was told. */
int tag_words_trigger(struct vfio_variant_device *device);
