/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Kinds of devices that no guest can have. */
#include "device_object.h"

#include <fnmatch.h>

#include "bus.h"
#include "pci.h"

static bool is_one_of(const struct vfio_variant_device *device, const char *modaliases) {
        return modaliases && fnmatch(modaliases, device->handle.modalias, 0) == 0;
}

bool device_is_of_bridge_class(const struct vfio_variant_device *device) {
        const struct bus *bus = bus_of_modalias(device->handle.modalias);

        return bus && is_one_of(device, bus->bridges);
}

_public_ int vfio_variant_device_is_iommu(const struct vfio_variant_device *device) {
        const struct bus *bus = bus_of_modalias(device->handle.modalias);

        return bus && is_one_of(device, bus->iommus);
}

_public_ int vfio_variant_device_is_bridge(const struct vfio_variant_device *device) {
        return device_is_of_bridge_class(device) || device_header_type(device->handle.fd) > 0;
}
