/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads which VFIO API a device offers from the device itself. */
#include <errno.h>
#include <stddef.h>

#include "device_object.h"
#include "vfio_open.h"

/* VFIO_DEVICE_FLAGS_* of linux/vfio.h; the last one came with Linux 6.6. */
static const struct {
        uint32_t flag;
        enum vfio_variant_api api;
} flags_of[] = {
        {1U << 1, VFIO_VARIANT_API_PCI},  {1U << 2, VFIO_VARIANT_API_PLATFORM},
        {1U << 3, VFIO_VARIANT_API_AMBA}, {1U << 4, VFIO_VARIANT_API_CCW},
        {1U << 5, VFIO_VARIANT_API_AP},   {1U << 6, VFIO_VARIANT_API_FSL_MC},
        {1U << 8, VFIO_VARIANT_API_CDX},
};

_public_ int vfio_variant_device_get_api(struct vfio_variant_device *device) {
        uint32_t flags;
        int r = device_type(device, NULL);

        if (r < 0)
                return r;
        if (r != VFIO_VARIANT_TYPE_VFIO)
                return -ENODATA;
        r = handle_find(&device->handle); /* it is opened by its name */
        if (r < 0)
                return r == -ESTALE ? -ENODEV : r;
        r = device_map_error(device, vfio_device_flags(&device->handle, &flags));
        if (r < 0)
                return r;
        for (size_t i = 0; i < sizeof(flags_of) / sizeof(flags_of[0]); i++)
                if (flags & flags_of[i].flag)
                        return flags_of[i].api;
        return VFIO_VARIANT_API_OTHER;
}
