/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Devices: their directory with all that the bus shows of them, and what drivers make below it. */
#pragma once

#include "kernel.h"
#include "words.h"

/*
 * A device comes: "device BUS SYSNAME KEY=VALUE...", as README.md tells. Returns 0, or -EINVAL
 * where that says too little or names what there is not.
 */
int device_add(struct kernel *kernel, const struct words *words);

/* Adds what its native driver makes below it. */
void device_add_child(struct kernel *kernel, struct device *device, const struct words *words);

/* The directory's uevent file tells the driver, too. */
void device_show_uevent(struct device *device);
