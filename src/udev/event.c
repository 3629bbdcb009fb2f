/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Events of devices, as udevd sends them after it has processed its rules. */
#include "event.h"

#include <errno.h>
#include <libudev.h>
#include <stdbool.h>

#include "bus.h"

/* libudev sets errno when it returns NULL, but not in each version. */
static int error_or(int error) {
        return errno > 0 ? -errno : error;
}

static int monitor_start(struct udev_monitor *monitor) {
        int r = 0;

        for (const struct bus *bus = buses; r >= 0 && bus->subsystem; bus++)
                r = udev_monitor_filter_add_match_subsystem_devtype(monitor, bus->subsystem, NULL);
        return r < 0 ? r : udev_monitor_enable_receiving(monitor);
}

int event_open(struct udev *udev, struct udev_monitor **ret) {
        struct udev_monitor *monitor;
        int r;

        errno = 0;
        monitor = udev_monitor_new_from_netlink(udev, "udev");
        if (!monitor)
                return error_or(-ENOMEM);
        r = monitor_start(monitor);
        if (r < 0) {
                event_close(monitor);
                return r;
        }
        *ret = monitor;
        return 0;
}

void event_close(struct udev_monitor *monitor) {
        if (monitor)
                (void)udev_monitor_unref(monitor);
}

int event_fd(struct udev_monitor *monitor) {
        return udev_monitor_get_fd(monitor);
}

/*
 * Takes ownership of DEVICE. An event without its action or name is useless. Returns false for it.
 */
static bool event_fill(struct udev_device *device, struct event *ret) {
        *ret = (struct event){
                .device = device,
                .action = udev_device_get_action(device),
                .sysname = udev_device_get_sysname(device),
        };
        if (ret->action && ret->sysname)
                return true;
        event_done(ret);
        return false;
}

int event_next(struct udev_monitor *monitor, struct event *ret) {
        struct udev_device *device;

        do {
                errno = 0;
                device = udev_monitor_receive_device(monitor);
                if (!device)
                        return errno == EAGAIN || errno == EINTR ? 0 : error_or(0);
        } while (!event_fill(device, ret));
        return 1;
}

void event_done(struct event *event) {
        if (event->device)
                (void)udev_device_unref(event->device);
        *event = (struct event){};
}
