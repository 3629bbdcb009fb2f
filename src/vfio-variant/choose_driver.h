/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The choice of the driver that a device is bound to. */
#pragma once

#include <stdbool.h>

#include "vfio-variant.h"

/* vfio_variant_device_choose(). Returns an exit status; an error was reported. */
int choose_driver(struct vfio_variant_device *device, const char *driver);

/* The chosen VFIO driver; NULL if none matches, OTHERWISE if it is unknown. */
const char *get_choice_name(struct vfio_variant_device *device, const char *otherwise);

/* Why vfio_variant_device_choose() failed, a clause. */
const char *describe_choice_error(int error);

/*
 * Whether ERROR concerns the module index, and not a device. It is then reported with the
 * directory, but only once by a process, because it is the same for each device.
 */
bool report_index_error(struct vfio_variant *context, int error);

/* Reports any error of vfio_variant_device_choose(), and what to do. PIN: the driver that was asked
 * for, or NULL. DEVICE may be NULL if it is one of the module index. */
void report_choice_error(struct vfio_variant *context, struct vfio_variant_device *device,
                         const char *pin, int error);

/* What to do if there is no module index. HAS_DIRECTORY: the directory that lacks it exists. */
const char *advise_without_index(bool has_directory);
