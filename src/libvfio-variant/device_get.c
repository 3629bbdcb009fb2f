/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Getters that read /sys and the hwdb. */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "device_object.h"
#include "driver.h"
#include "hwdb.h"
#include "text.h"
#include "unbinding.h"
#include "vfio_node.h"

_public_ const char *vfio_variant_device_get_driver(struct vfio_variant_device *device) {
        char driver[DRIVER_SIZE];
        int r = device_map_error(device, device_driver(device->handle.fd, driver));

        return device_keep(device, KEPT_DRIVER, r, driver);
}

/* Returns 0 and the record, -ENODATA or -ENODEV. */
static int read_unbinding(const struct vfio_variant_device *device, struct unbinding *ret) {
        return unbinding_read(&device->handle, ret) > 0 ? 0 : device_map_error(device, -ENOENT);
}

_public_ const char *vfio_variant_device_get_unbinding_driver(struct vfio_variant_device *device) {
        struct unbinding unbinding;
        int r = read_unbinding(device, &unbinding);

        return device_keep(device, KEPT_UNBINDING_DRIVER, r, unbinding.driver);
}

_public_ int vfio_variant_device_get_unbinding_seconds(struct vfio_variant_device *device) {
        struct unbinding unbinding;
        int r = read_unbinding(device, &unbinding);

        return r < 0 ? r : (int)unbinding_seconds(&unbinding);
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
        unsigned n;

        while (at > text && text_is_digit(at[-1]))
                at--;
        if (!*at)
                return -EBADMSG;
        n = text_take_number(&at, 10);
        return n > INT_MAX ? -EBADMSG : (int)n;
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

/* The functions of a card follow one another in a list, and have the same names. */
static int read_names(struct vfio_variant_device *device) {
        struct hwdb_names *names = &device->context->names;
        const struct database_property wanted[] = {
                {"ID_VENDOR_FROM_DATABASE", names->vendor, sizeof(names->vendor)},
                {"ID_MODEL_FROM_DATABASE", names->model, sizeof(names->model)},
                {},
        };
        int r = context_open_hwdb(device->context);

        if (r < 0 || streq(names->modalias, device->handle.modalias))
                return r;
        hwdb_read(device->context->hwdb, device->handle.modalias, wanted);
        names->vendor[NAME_LENGTH] = names->model[NAME_LENGTH] = '\0';
        (void)text_put(names->modalias, sizeof(names->modalias), device->handle.modalias);
        return 0;
}

_public_ const char *vfio_variant_device_get_vendor(struct vfio_variant_device *device) {
        return device_keep(device, KEPT_VENDOR, read_names(device), device->context->names.vendor);
}

_public_ const char *vfio_variant_device_get_model(struct vfio_variant_device *device) {
        return device_keep(device, KEPT_MODEL, read_names(device), device->context->names.model);
}
