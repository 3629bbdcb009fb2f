/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The udev database: the properties of a device. */
#include "database.h"

#include <errno.h>
#include <libudev.h>
#include <unistd.h>

#include "cleanup.h"
#include "text.h"

DEFINE_CLEANUP(struct udev_device *, udev_device_unref);

int database_open(struct udev **ret) {
        struct udev *udev = udev_new();

        if (!udev)
                return errno > 0 ? -errno : -ENOMEM;
        *ret = udev;
        return 0;
}

void database_close(struct udev *udev) {
        if (udev)
                udev_unref(udev);
}

void database_copy_value(const struct database_property *wanted, const char *value) {
        /* A truncated value is not used */
        if (!value || text_put(wanted->ret, wanted->size, value) == wanted->size)
                wanted->ret[0] = '\0';
}

const char *database_syspath(struct udev_device *udev_device) {
        return udev_device_get_syspath(udev_device);
}

void database_read_device(struct udev_device *device, const struct database_property *wanted) {
        for (; wanted->key; wanted++)
                database_copy_value(wanted,
                                    device ? udev_device_get_property_value(device, wanted->key)
                                           : NULL);
}

int database_read(struct udev *udev, const char *syspath, const struct database_property *wanted) {
        _cleanup_(udev_device_unrefp) struct udev_device *device = NULL;
        int known;

        /* Not by its sysname, which is looked for in several directories and takes twice as long */
        device = udev_device_new_from_syspath(udev, syspath);
        if (!device)
                return errno == ENOENT || errno == 0 ? -ENODEV : -errno;
        known = udev_device_get_is_initialized(device) > 0;
        database_read_device(known ? device : NULL, wanted);
        return known;
}

/*
 * The control socket is created by udevd, or by systemd before udevd starts. The data directory is
 * created at the first event, and stays.
 */
enum database_state database_look(void) {
        if (access("/run/udev/control", F_OK) == 0)
                return DATABASE_LIVE;
        return access("/run/udev/data", F_OK) < 0 ? DATABASE_MISSING : DATABASE_IDLE;
}
