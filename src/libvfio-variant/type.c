/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which type of driver holds a device, and how that is known. */
#include <errno.h>

#include "objects.h"
#include "text.h"

/*
 * VFIO drivers by name. As all that the kernel has are called something with vfio, this is no more
 * than a firmer word than a guess. Source: drivers/vfio in the kernel.
 */
static const char *const vfio_drivers[] = {"vfio-pci",    "vfio-cdx",         "vfio-platform",
                                           "vfio-amba",   "vfio-fsl-mc",      "mlx5_vfio_pci",
                                           "xe-vfio-pci", "hisi-acc-vfio-pci"};

static bool is_known_vfio(const char *driver) {
        for (size_t i = 0; i < sizeof(vfio_drivers) / sizeof(vfio_drivers[0]); i++)
                if (streq(vfio_drivers[i], driver))
                        return true;
        return false;
}

/* Has the module any alias of a VFIO driver on the device's bus? */
static int has_alias(struct vfio_variant_device *device, const char *module) {
        struct vfio_variant *context = device->context;
        int r = context_open_source(context);

        if (r >= 0)
                r = answer_module_has_alias(context->source, device->handle.modalias, module);
        if (r >= 0)
                context_tell_damage(context);
        return r;
}

/* The surest of what is in favour of DRIVER being one of VFIO. Returns 1, 0 or -errno. */
static int weigh(struct vfio_variant_device *device, const char *driver,
                 enum vfio_variant_evidence *ret) {
        char module[DRIVER_SIZE];
        int r = device_driver_module(device->handle.fd, module);

        if (r < 0 && r != -ENOENT)
                return r;
        if (r >= 0) {
                *ret = VFIO_VARIANT_BY_ALIAS;
                /* An index that can't be read says nothing */
                if (has_alias(device, module) > 0)
                        return 1;
                *ret = VFIO_VARIANT_BY_CORE;
                r = module_uses_vfio_core(module);
                if (r != 0)
                        return r;
        }
        *ret = VFIO_VARIANT_BY_NAME;
        if (is_known_vfio(driver))
                return 1;
        *ret = VFIO_VARIANT_BY_GUESS;
        return driver_is_called_vfio(driver);
}

static int type_of(struct vfio_variant_device *device, const char *driver,
                   enum vfio_variant_evidence *ret) {
        int r;

        *ret = VFIO_VARIANT_BY_NAME;
        if (streq(driver, "pciback") || streq(driver, "xen-pciback"))
                return VFIO_VARIANT_TYPE_XEN;
        if (streq(driver, "pci-stub"))
                return VFIO_VARIANT_TYPE_STUB;
        *ret = VFIO_VARIANT_BY_KERNEL;
        r = device_has_vfio_dev(device->handle.fd);
        if (r == -EOPNOTSUPP)
                r = weigh(device, driver, ret);
        if (r < 0)
                return r;
        return r > 0 ? VFIO_VARIANT_TYPE_VFIO : VFIO_VARIANT_TYPE_NATIVE;
}

int device_type(struct vfio_variant_device *device, enum vfio_variant_evidence *ret) {
        enum vfio_variant_evidence evidence = VFIO_VARIANT_BY_KERNEL;
        char driver[DRIVER_SIZE];
        int r = device_answer(device, device_driver(device->handle.fd, driver));

        if (r == -ENODATA)
                r = VFIO_VARIANT_TYPE_NONE;
        else if (r >= 0)
                r = type_of(device, driver, &evidence);
        if (r >= 0 && ret)
                *ret = evidence;
        return r;
}
