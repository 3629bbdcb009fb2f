/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a test of the library finds: a /sys, a /run and a /dev of its own, and a device. */
#pragma once

#include "sys.h"
#include "unit.h"
#include "vfio-variant.h"

#define DEVICE    "0000:00:01.0"
#define DIRECTORY SYS_ROOT DEVICE
#define MODALIAS  "pci:v00008086d000010D3sv00008086sd00000001bc02sc00i00"

/* From now on there is DEVICE, with MODALIAS, and nothing else; udev knows nothing of it. */
void scene_enter(void);

/* Makes a device, as sys_device() does, for udev as well. */
void scene_device(const char *sysname);

/* What udev keeps of the device: lines of KEY=VALUE, each with its newline. */
void scene_database(const char *sysname, const char *properties);

/* The device is pulled out. */
void scene_remove(const char *sysname);

struct vfio_variant *scene_context(void);
struct vfio_variant_device *scene_open(struct vfio_variant *context, const char *sysname);

/* TEXT, which a getter has just returned; or for NULL, "-" and the name of errno. */
const char *said(const char *text);
