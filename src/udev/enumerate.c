/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Enumerates devices. */
#include "enumerate.h"

#include <errno.h>
#include <libudev.h>
#include <string.h>

#include "bus.h"
#include "cleanup.h"
#include "device_ref.h"

static int enumerate_found(struct udev_enumerate *enumerate, const char *bus,
                           device_enumerate_fn on_device, void *userdata) {
        struct udev_list_entry *entry;
        int r = 0;

        udev_list_entry_foreach(entry, udev_enumerate_get_list_entry(enumerate)) {
                r = on_device(bus, basename(udev_list_entry_get_name(entry)), userdata);
                if (r != 0)
                        return r;
        }
        return 0;
}

static int enumerate_bus(struct udev *udev, const char *bus, device_enumerate_fn on_device,
                         void *userdata) {
        _cleanup_(udev_enumerate_unrefp) struct udev_enumerate *enumerate = NULL;
        int r;

        enumerate = udev_enumerate_new(udev);
        if (!enumerate)
                return -ENOMEM;
        r = udev_enumerate_add_match_subsystem(enumerate, bus);
        if (r >= 0)
                r = udev_enumerate_scan_devices(enumerate);
        return r < 0 ? r : enumerate_found(enumerate, bus, on_device, userdata);
}

int device_enumerate(struct udev *udev, device_enumerate_fn on_device, void *userdata) {
        int r = 0;

        for (const struct bus *bus = buses; r == 0 && bus->subsystem; bus++)
                r = enumerate_bus(udev, bus->subsystem, on_device, userdata);
        return r;
}
