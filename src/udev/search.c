/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The devices there are. */
#include "search.h"

#include <errno.h>
#include <libudev.h>

#include "cleanup.h"
#include "device_ref.h"

static const char *const buses[] = {"pci", "cdx"};

/* A device that is gone again has no names any more. */
static int call(struct udev_device *device, search_fn on_device, void *userdata) {
        const char *subsystem = udev_device_get_subsystem(device);
        const char *sysname = udev_device_get_sysname(device);

        return subsystem && sysname ? on_device(subsystem, sysname, userdata) : 0;
}

static int each_found(struct udev *udev, struct udev_enumerate *enumerate, search_fn on_device,
                      void *userdata) {
        struct udev_list_entry *entry;
        int r = 0;

        udev_list_entry_foreach(entry, udev_enumerate_get_list_entry(enumerate)) {
                _cleanup_(udev_device_unrefp) struct udev_device *device = NULL;

                device = udev_device_new_from_syspath(udev, udev_list_entry_get_name(entry));
                if (device)
                        r = call(device, on_device, userdata);
                if (r != 0)
                        return r;
        }
        return 0;
}

int search_all(struct udev *udev, search_fn on_device, void *userdata) {
        _cleanup_(udev_enumerate_unrefp) struct udev_enumerate *enumerate = NULL;
        int r = 0;

        enumerate = udev_enumerate_new(udev);
        if (!enumerate)
                return -ENOMEM;
        for (size_t i = 0; r >= 0 && i < sizeof(buses) / sizeof(buses[0]); i++)
                r = udev_enumerate_add_match_subsystem(enumerate, buses[i]);
        if (r >= 0)
                r = udev_enumerate_scan_devices(enumerate);
        return r < 0 ? r : each_found(udev, enumerate, on_device, userdata);
}
