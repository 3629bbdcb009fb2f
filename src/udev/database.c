/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The udev database: the properties of a device. */
#include "database.h"

#include <errno.h>
#include <libudev.h>

#include "cleanup.h"
#include "device_ref.h"
#include "text.h"

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

static void copy_value(const struct database_property *wanted, const char *value) {
        /* Half a value is none */
        if (!value || text_put(wanted->ret, wanted->size, value) == wanted->size)
                wanted->ret[0] = '\0';
}

int database_read(struct udev *udev, const char *subsystem, const char *sysname,
                  const struct database_property *wanted) {
        _cleanup_(udev_device_unrefp) struct udev_device *device = NULL;
        int known;

        device = udev_device_new_from_subsystem_sysname(udev, subsystem, sysname);
        if (!device)
                return errno == ENOENT || errno == 0 ? -ENODEV : -errno;
        known = udev_device_get_is_initialized(device) > 0;
        for (; wanted->key; wanted++)
                copy_value(wanted,
                           known ? udev_device_get_property_value(device, wanted->key) : NULL);
        return known;
}
