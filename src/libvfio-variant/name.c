/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What people call a device: by the hwdb, which systemd makes of pci.ids. */
#include "hwdb.h"
#include "objects.h"
#include "vfio-variant-tool.h"

/* More than any in pci.ids; what is longer is no name. */
#define VALUE_SIZE 512

static void say_name(struct udev_hwdb *hwdb, const char *modalias, const char *property,
                     char ret[VFIO_VARIANT_NAME_SIZE]) {
        char value[VALUE_SIZE];

        if (hwdb_value(hwdb, modalias, property, value, sizeof(value)) > 0)
                show_text(ret, VFIO_VARIANT_NAME_SIZE, value);
}

void vfio_variant_device_get_name(struct vfio_variant_device *device,
                                  char ret_vendor[VFIO_VARIANT_NAME_SIZE],
                                  char ret_model[VFIO_VARIANT_NAME_SIZE]) {
        const char *modalias = device->handle.modalias;

        ret_vendor[0] = ret_model[0] = '\0';
        if (context_open_hwdb(device->context) < 0)
                return;
        say_name(device->context->hwdb, modalias, "ID_VENDOR_FROM_DATABASE", ret_vendor);
        say_name(device->context->hwdb, modalias, "ID_MODEL_FROM_DATABASE", ret_model);
}
