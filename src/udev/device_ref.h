/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Cleanup of libudev's objects when their scope ends. */
#pragma once

#include <libudev.h>

#include "cleanup.h"

DEFINE_CLEANUP(struct udev_device *, udev_device_unref);
DEFINE_CLEANUP(struct udev_enumerate *, udev_enumerate_unref);
