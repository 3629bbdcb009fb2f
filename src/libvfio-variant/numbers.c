/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a device says of itself in numbers. */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "objects.h"
#include "pci.h"
#include "text.h"

/* Base class, sub-class and interface of an NVM Express controller: PCI Code and ID Assignment. */
#define CLASS_NVME 0x010802

int device_answer(const struct vfio_variant_device *device, int r) {
        int r_there;

        if (r != -ENOENT)
                return r;
        /* Of a folder that is gone nothing is there any more; its name may be another's by now */
        r_there = handle_find(&device->handle);
        if (r_there >= 0)
                return -ENODATA;
        return r_there == -ESTALE ? -ENODEV : r_there;
}

/* The number that TEXT ends with, "12" or ".../vfio3". */
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

static int group_number(const struct vfio_variant_device *device) {
        char group[GROUP_SIZE];
        int r = device_answer(device, device_group(device->handle.fd, group));

        return r < 0 ? r : number_at_end(group);
}

static int cdev_number(const struct vfio_variant_device *device) {
        char node[NODE_SIZE];
        int r = device_answer(device, device_cdev(device->handle.fd, node));

        return r < 0 ? r : number_at_end(node);
}

static int has_no_iommu(const struct vfio_variant_device *device) {
        char group[GROUP_SIZE];
        int r = device_group(device->handle.fd, group);

        if (r >= 0)
                r = device_is_without_iommu(device->handle.fd);
        return device_answer(device, r);
}

static int is_stray_nvme(struct vfio_variant_device *device) {
        uint32_t class;
        char driver[DRIVER_SIZE] = "";
        int r = device_class(device->handle.fd, &class);

        if (r == -ENOENT) /* of another bus; or gone */
                return device_answer(device, r) == -ENODATA ? 0 : -ENODEV;
        if (r < 0 || class != CLASS_NVME)
                return r < 0 ? r : 0;
        r = device_driver(device->handle.fd, driver);
        if (r < 0 && r != -ENOENT)
                return r;
        r = device_type(device, NULL);
        if (r < 0)
                return r;
        return r != VFIO_VARIANT_TYPE_VFIO && !streq(driver, "nvme");
}

static int answer_origin(struct vfio_variant_device *device) {
        int r = vfio_variant_device_find_answer(device);

        return r < 0 ? r : (int)device->origin;
}

/* What follows from the type of the driver, or from how that is known. */
static int by_type(struct vfio_variant_device *device, enum vfio_variant_number what) {
        enum vfio_variant_evidence evidence;
        int type = device_type(device, &evidence);

        if (type < 0)
                return type;
        switch (what) {
        case VFIO_VARIANT_TYPE_EVIDENCE:
                return evidence;
        case VFIO_VARIANT_IS_READY:
                return type == VFIO_VARIANT_TYPE_VFIO || type == VFIO_VARIANT_TYPE_STUB ||
                       type == VFIO_VARIANT_TYPE_XEN;
        case VFIO_VARIANT_MUST_RESET:
                return type != VFIO_VARIANT_TYPE_VFIO;
        default:
                return type;
        }
}

_public_ int vfio_variant_device_get_number(struct vfio_variant_device *device,
                                            enum vfio_variant_number what) {
        switch (what) {
        case VFIO_VARIANT_ANSWER_ORIGIN:
                return answer_origin(device);
        case VFIO_VARIANT_TYPE:
        case VFIO_VARIANT_TYPE_EVIDENCE:
        case VFIO_VARIANT_IS_READY:
        case VFIO_VARIANT_MUST_RESET:
                return by_type(device, what);
        case VFIO_VARIANT_IS_STRAY_NVME:
                return is_stray_nvme(device);
        case VFIO_VARIANT_GROUP_NUMBER:
                return group_number(device);
        case VFIO_VARIANT_HAS_NO_IOMMU:
                return has_no_iommu(device);
        case VFIO_VARIANT_CDEV_NUMBER:
                return cdev_number(device);
        case VFIO_VARIANT_GROUP_IS_VIABLE:
                return group_is_viable(device);
        case VFIO_VARIANT_BREAKS_GROUP:
                return device_breaks_group(device);
        default:
                return -EINVAL;
        }
}
