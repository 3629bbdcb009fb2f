/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Enumerates the devices of all buses. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

#include "bus.h"
#include "device.h"
#include "directory.h"

struct walk {
        const char *subsystem;
        device_each_fn on_device;
        void *userdata;
};

static int visit_name(int dir_fd, const char *name, void *userdata) {
        const struct walk *walk = userdata;

        (void)dir_fd;
        return walk->on_device(walk->subsystem, name, walk->userdata);
}

int device_each(device_each_fn on_device, void *userdata) {
        int r = 0;

        for (const struct bus *bus = buses; r == 0 && bus->subsystem; bus++) {
                struct walk walk = {bus->subsystem, on_device, userdata};
                char path[sizeof("/sys/bus//devices") + SYSNAME_SIZE];

                (void)snprintf(path, sizeof(path), "/sys/bus/%s/devices", bus->subsystem);
                r = directory_read_sorted(AT_FDCWD, path, visit_name, &walk);
                if (r == -ENOENT) /* the kernel has no such bus */
                        r = 0;
        }
        return r;
}
