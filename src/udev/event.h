/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Events of devices, as udevd sends them after it has processed its rules. */
#pragma once

struct udev;
struct udev_device;
struct udev_monitor; /* of libudev */

/*
 * Opens a monitor of events of the buses whose devices can be assigned to a guest. Returns 0 and a
 * monitor, which the caller closes with event_close(), or a negative errno.
 */
int event_open(struct udev *udev, struct udev_monitor **ret);
void event_close(struct udev_monitor *monitor);

/* Returns a descriptor to poll for reading. It is owned by the monitor. */
int event_fd(struct udev_monitor *monitor);

/* An event; DEVICE is NULL if there is none. */
struct event {
        struct udev_device *device;
        const char *action, *sysname; /* never NULL; owned by DEVICE */
};

/*
 * Receives the next event, which the caller releases with event_done(). Returns 1; 0 if there is
 * none; -ENOBUFS if events were lost; or another negative errno.
 */
int event_next(struct udev_monitor *monitor, struct event *ret);
void event_done(struct event *event);
