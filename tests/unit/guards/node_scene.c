/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Device nodes of the device of guard_scene.h, and processes that may have them open. */
#include "node_scene.h"

void node(const char *directory, const char *class, const char *number, const char *uevent) {
        sys_file(sys_path("%s/dev", directory), sys_path("%s\n", number));
        sys_link(sys_path("%s/subsystem", directory), sys_path("../../../../../class/%s", class));
        if (uevent)
                sys_file(sys_path("%s/uevent", directory), uevent);
}

void sound_node(void) {
        node(NODE, "sound", "1:3", "MAJOR=1\nMINOR=3\nDEVNAME=snd/controlC0\n");
}

void two_nodes(void) {
        sound_node();
        node(DIRECTORY "/vfio-dev/vfio3", "vfio-dev", "1:5", NULL);
}

struct handle open_with_node(void (*make)(void)) {
        struct handle handle;

        scene_enter();
        make();
        handle = sys_open(DEVICE);
        sys_cover("/proc");
        sys_directory("/proc/1/fd");
        sys_file("/proc/uptime", "");
        sys_directory("/proc/4712"); /* a process that ended */
        sys_link("/proc/4711/fd/1", "/gone");
        sys_link("/proc/4711/fd/2", "/dev/full");
        return handle;
}
