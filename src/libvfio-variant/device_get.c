/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Getters that read /sys and the hwdb. */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "device_object.h"
#include "driver.h"
#include "hwdb.h"
#include "text.h"
#include "vfio_node.h"

_public_ const char *vfio_variant_device_get_driver(struct vfio_variant_device *device) {
        char driver[DRIVER_SIZE];
        int r = device_map_error(device, device_driver(device->handle.fd, driver));

        return device_keep(device, KEPT_DRIVER, r, driver);
}

_public_ const char *vfio_variant_device_get_driver_module(struct vfio_variant_device *device) {
        char module[DRIVER_SIZE];
        int r = device_map_error(device, device_driver_module(device->handle.fd, module));

        return device_keep(device, KEPT_DRIVER_MODULE, r, module);
}

_public_ const char *vfio_variant_device_get_group_node(struct vfio_variant_device *device) {
        char node[NODE_SIZE];
        int r = device_map_error(device, device_group_node(device->handle.fd, node));

        return device_keep(device, KEPT_GROUP_NODE, r, node);
}

_public_ const char *vfio_variant_device_get_cdev_node(struct vfio_variant_device *device) {
        char node[NODE_SIZE];
        int r = device_map_error(device, device_cdev(device->handle.fd, node));

        return device_keep(device, KEPT_CDEV_NODE, r, node);
}

/* Returns the number at the end of TEXT, "12" or ".../vfio3". */
static int number_at_end(const char *text) {
        const char *at = text + strlen(text);
        int n = 0;

        while (at > text && text_is_digit(at[-1]))
                at--;
        if (!*at)
                return -EBADMSG;
        for (; *at; at++) {
                int digit = *at - '0';

                if (n > (INT_MAX - digit) / 10)
                        return -EBADMSG;
                n = n * 10 + digit;
        }
        return n;
}

_public_ int vfio_variant_device_get_iommu_group(struct vfio_variant_device *device) {
        char group[GROUP_SIZE];
        int r = device_map_error(device, device_group(device->handle.fd, group));

        return r < 0 ? r : number_at_end(group);
}

_public_ int vfio_variant_device_get_cdev_number(struct vfio_variant_device *device) {
        char node[NODE_SIZE];
        int r = device_map_error(device, device_cdev(device->handle.fd, node));

        return r < 0 ? r : number_at_end(node);
}

_public_ int vfio_variant_device_has_no_iommu(struct vfio_variant_device *device) {
        char group[GROUP_SIZE];
        int r = device_group(device->handle.fd, group);

        if (r >= 0)
                r = device_is_without_iommu(device->handle.fd);
        return device_map_error(device, r);
}

/* No name in pci.ids is as long. A longer name is truncated, and a longer value is ignored. */
#define NAME_LENGTH 255
#define VALUE_SIZE  512

static const char *get_hwdb(struct vfio_variant_device *device, enum kept which,
                            const char *property) {
        char value[VALUE_SIZE] = "";
        int r = context_open_hwdb(device->context);

        if (r >= 0)
                r = hwdb_value(device->context->hwdb, device->handle.modalias, property, value,
                               sizeof(value));
        value[NAME_LENGTH] = '\0';
        return device_keep(device, which, r, value);
}

_public_ const char *vfio_variant_device_get_vendor(struct vfio_variant_device *device) {
        return get_hwdb(device, KEPT_VENDOR, "ID_VENDOR_FROM_DATABASE");
}

_public_ const char *vfio_variant_device_get_model(struct vfio_variant_device *device) {
        return get_hwdb(device, KEPT_MODEL, "ID_MODEL_FROM_DATABASE");
}
