/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The current driver of a device, and whether it is a VFIO driver. */
#include "driver.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>

#include "cleanup.h"
#include "device.h"
#include "sysfs_link.h"
#include "text.h"

int device_driver(int device_fd, char ret[DRIVER_SIZE]) {
        return link_name(device_fd, "driver", ret, DRIVER_SIZE);
}

int device_driver_module(int device_fd, char ret[DRIVER_SIZE]) {
        return link_name(device_fd, "driver/module", ret, DRIVER_SIZE);
}

/* The kernel prints a driver_override that is not set as "(null)". */
int device_override(int device_fd, char ret[DRIVER_SIZE]) {
        int r = device_attribute(device_fd, "driver_override", ret, DRIVER_SIZE);

        if (r >= 0 && streq(ret, "(null)"))
                ret[0] = '\0';
        return r;
}

int module_uses_vfio_core(const char *module) {
        char path[PATH_MAX];

        if (!text_join(path, sizeof(path), "/sys/module/vfio_pci_core/holders/", module))
                return 0;
        return link_exists(AT_FDCWD, path);
}

bool driver_name_has_vfio(const char *driver) {
        return text_find_name(driver, strlen(driver), "vfio") != NULL;
}

/*
 * Before Linux 6.1 nothing in the device's directory shows it. The name is the last resort:
 * vfio-pci, vfio-cdx, vfio-platform and vfio-fsl-mc do not use vfio_pci_core, but as all VFIO
 * drivers of the kernel and known out-of-tree ones have "vfio" in their names.
 */
static int is_vfio_by_module(int device_fd, const char *driver) {
        char module[DRIVER_SIZE];
        int r = device_driver_module(device_fd, module);

        if (r >= 0)
                r = module_uses_vfio_core(module);
        if (r > 0 || (r < 0 && r != -ENOENT))
                return r;
        return driver_name_has_vfio(driver);
}

int device_has_vfio_dev(int device_fd) {
        int r = link_exists(device_fd, "vfio-dev");

        if (r != 0)
                return r;
        r = link_exists(AT_FDCWD, "/sys/class/vfio-dev");
        if (r != 0)
                return r < 0 ? r : 0;
        return -EOPNOTSUPP;
}

int device_is_bound_to_vfio(int device_fd) {
        _uninitialized_ char driver[DRIVER_SIZE];
        int r = device_driver(device_fd, driver);

        if (r < 0)
                return r == -ENOENT ? 0 : r;
        r = device_has_vfio_dev(device_fd);
        return r == -EOPNOTSUPP ? is_vfio_by_module(device_fd, driver) : r;
}
