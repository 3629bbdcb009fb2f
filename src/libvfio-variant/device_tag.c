/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether a device is tagged, as a caller sees it. */
#include "device_keys.h"
#include "device_properties.h"

_public_ int vfio_variant_device_is_tagged(struct vfio_variant_device *device) {
        int r = properties_read(device, NULL);

        if (r > 0)
                return property_is_tag(device->properties.bind);
        return r == -ENODEV ? r : vfio_variant_device_read_tag(device);
}

_public_ const char *vfio_variant_device_get_tag(struct vfio_variant_device *device) {
        return device_keep(device, KEPT_TAG, choice_need_pin(device), device->properties.bind);
}

_public_ const char *vfio_variant_device_get_pin(struct vfio_variant_device *device) {
        return device_keep(device, KEPT_PIN, choice_need_pin(device), device->properties.pin);
}
