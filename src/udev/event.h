/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Events of devices, as udevd passes them on behind its rules. */
#pragma once

struct udev;
struct udev_device;
struct udev_monitor; /* of libudev */

/*
 * Listens to the events of the buses whose devices can be given to a guest. Returns 0 and a monitor
 * to be closed with event_close(), or a negative errno.
 */
int event_open(struct udev *udev, struct udev_monitor **ret);
void event_close(struct udev_monitor *monitor);

/* A descriptor to be polled for reading, the monitor's own. */
int event_fd(struct udev_monitor *monitor);

/* What is libudev's, and NULL for none. */
struct event {
        struct udev_device *device;
        const char *action, *sysname; /* never NULL; they belong to the device */
};

/*
 * Takes the next event, to be released with event_done(). Returns 1; 0 where none has come;
 * -ENOBUFS where some were lost; or another negative errno.
 */
int event_next(struct udev_monitor *monitor, struct event *ret);
void event_done(struct event *event);
