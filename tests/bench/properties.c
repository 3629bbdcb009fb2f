/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reads a property of each PCI device with libudev, and nothing else: what a device costs at least,
 * however little `list` reads itself. Arguments are ignored.
 */
#include <fcntl.h>
#include <libudev.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "cleanup.h"
#include "directory.h"
#include "text.h"

DEFINE_CLEANUP(struct udev *, udev_unref);
DEFINE_CLEANUP(struct udev_device *, udev_device_unref);

/* The link "../../../devices/..." of the directory leads to the device. */
#define UP "../../../"

static int read_property(int dir_fd, const char *name, void *userdata) {
        _cleanup_(udev_device_unrefp) struct udev_device *device = NULL;
        char link[PATH_MAX] = "", path[PATH_MAX];
        struct udev *udev = userdata;

        if (readlinkat(dir_fd, name, link, sizeof(link) - 1) < 0 || !startswith(link, UP) ||
            !text_join(path, sizeof(path), "/sys/", link + sizeof(UP) - 1))
                return -1;
        device = udev_device_new_from_syspath(udev, path);
        return device && udev_device_get_property_value(device, "VFIO_VARIANT_DRIVER") ? 0 : -1;
}

int main(void) {
        _cleanup_(udev_unrefp) struct udev *udev = udev_new();
        int r = directory_read_at(AT_FDCWD, "/sys/bus/pci/devices", read_property, udev);

        return r < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
