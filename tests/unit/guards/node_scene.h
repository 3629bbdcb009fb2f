/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Device nodes of the device of guard_scene.h, and processes that may have them open. */
#pragma once

#include "device_handle.h"
#include "guard_scene.h"

/* The directory of sound_node(). */
#define NODE DIRECTORY "/sound/card0/controlC0"

/*
 * Makes DIRECTORY with the attribute dev, "1:3", and the class. UEVENT: NULL if it has none.
 * /dev/null is 1:3, /dev/zero 1:5, /dev/full 1:7.
 */
void node(const char *directory, const char *class, const char *number, const char *uevent);

/* /dev/snd/controlC0 is 1:3. */
void sound_node(void);

/* The same, and one of VFIO, 1:5. */
void two_nodes(void);

/*
 * Enters the scene with the nodes that MAKE makes. The process 4711 has /dev/full open, and a test
 * adds more. Returns the device's handle, which the caller closes.
 */
struct handle open_with_node(void (*make)(void));
